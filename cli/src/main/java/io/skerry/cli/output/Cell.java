package io.skerry.cli.output;

import io.skerry.spec.Text;

/** One cell of a {@link Table}; control characters from outside don't reach the terminal. */
public record Cell(String text, Tone tone) {
    private static final int LONGEST = 400;

    public Cell {
        text = Text.shortened(text, LONGEST);
    }

    public static Cell of(String text) {
        return new Cell(text, Tone.PLAIN);
    }

    public static Cell of(long number) {
        return of(Long.toString(number));
    }

    public static Cell dim(String text) {
        return new Cell(text, Tone.DIM);
    }

    /** A state in its own tone. */
    public static Cell state(String state) {
        return new Cell(state, Tone.ofState(state));
    }
}
