package io.skerry.cli.output;

/** What a word means to the reader; a terminal shows it as a colour. */
public enum Tone {
    PLAIN(""),
    GOOD("32"),
    BUSY("33"),
    BAD("31"),
    DIM("2"),
    STRONG("1");

    private final String sgr;

    Tone(String sgr) {
        this.sgr = sgr;
    }

    /** The number of ECMA-48's SGR sequence; empty for none. */
    String sgr() {
        return sgr;
    }

    /** The tone of an instance's or an import's state. */
    public static Tone ofState(String state) {
        return switch (state) {
            case "healthy", "mounted", "done", "online", "enabled", "delivered", "good" -> GOOD;
            case "pending",
                    "fetching",
                    "awaiting-window",
                    "put-off",
                    "trial",
                    "restarting",
                    "running",
                    "switching",
                    "on-trial",
                    "rebooting",
                    "aside" -> BUSY;
            case "unhealthy", "stopped", "given-up", "rolled-back", "rolling-back", "refused", "failed" -> BAD;
            case "disabled", "offline", "idle", "revoked", "used", "expired" -> DIM;
            default -> PLAIN;
        };
    }
}
