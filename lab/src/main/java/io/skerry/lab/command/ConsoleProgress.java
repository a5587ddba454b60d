package io.skerry.lab.command;

import io.skerry.lab.Progress;
import java.io.PrintStream;

/** Progress as lines on stderr: on a terminal the last one is redrawn while something is under way. */
final class ConsoleProgress implements Progress {
    private static final String CLEAR_LINE = "\r\u001b[K";
    private static final int MOST = 100;

    private final PrintStream out;
    private final boolean terminal;
    private String step = "";
    private String shown = "";

    ConsoleProgress(PrintStream out, boolean terminal) {
        this.out = out;
        this.terminal = terminal;
    }

    @Override
    public void begin(String step) {
        this.step = step;
        show(step + " …");
    }

    @Override
    public void note(String detail) {
        show(step + " … " + detail);
    }

    private void show(String line) {
        if (line.equals(shown)) {
            return;
        }
        shown = line;
        if (terminal) {
            out.print(CLEAR_LINE + (line.length() > MOST ? line.substring(0, MOST) + "…" : line));
            out.flush();
        } else {
            out.println(line);
        }
    }

    @Override
    public void done(String result) {
        out.println((terminal ? CLEAR_LINE : "") + "✓ " + result);
        shown = "";
    }

    /** Ends a line that was left unfinished, before something else is said. */
    void leave() {
        if (terminal && !shown.isEmpty()) {
            out.println();
        }
        shown = "";
    }
}
