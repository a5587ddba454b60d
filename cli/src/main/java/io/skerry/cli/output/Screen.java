package io.skerry.cli.output;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/** Lines on a terminal that are drawn again in their place. For one thread. */
public final class Screen {
    private static final String TO_END_OF_LINE = "\u001b[K";
    private static final String TO_END_OF_SCREEN = "\u001b[J";

    private final PrintStream out;
    private final int height;
    private int drawn;

    public Screen(Terminal terminal) {
        this.out = terminal.out();
        this.height = terminal.height();
    }

    /** Draws these lines over those drawn before; what doesn't fit on the terminal is only counted. */
    public void draw(List<String> lines) {
        StringBuilder frame = new StringBuilder();
        if (drawn > 0) {
            frame.append("\r").append("\u001b[" + drawn + "A");
        }
        List<String> fitting = fitting(lines);
        fitting.forEach(line -> frame.append(line).append(TO_END_OF_LINE).append('\n'));
        frame.append(TO_END_OF_SCREEN);
        out.print(frame);
        out.flush();
        drawn = fitting.size();
    }

    private List<String> fitting(List<String> lines) {
        int most = Math.max(2, height - 1);
        if (lines.size() <= most) {
            return lines;
        }
        List<String> some = new ArrayList<>(lines.subList(0, most - 1));
        some.add("… and " + (lines.size() - most + 1) + " more");
        return some;
    }

    /** Takes what was drawn away. */
    public void clear() {
        draw(List.of());
    }
}
