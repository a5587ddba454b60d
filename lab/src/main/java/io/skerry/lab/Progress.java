package io.skerry.lab;

/** Hears how far a long undertaking is. */
public interface Progress {
    /** Something begins: "Starting the control plane". */
    void begin(String step);

    /** How far it is, in a few words; may come often. */
    void note(String detail);

    /** What began has ended well: "Control plane on https://…". */
    void done(String result);

    /** Tells nobody. */
    Progress SILENT = new Progress() {
        @Override
        public void begin(String step) {}

        @Override
        public void note(String detail) {}

        @Override
        public void done(String result) {}
    };
}
