package io.skerry.cli.output;

import java.time.Instant;

/**
 * What a text for people depends on besides its subject.
 *
 * @param colours whether tones become colours
 * @param width columns that a line may take; {@link #UNLIMITED} in a pipe
 * @param now for relative ages
 */
public record View(boolean colours, int width, Instant now) {
    public static final int UNLIMITED = Integer.MAX_VALUE;

    /** The text in its tone. */
    public String paint(Tone tone, String text) {
        return colours && !tone.sgr().isEmpty() && !text.isEmpty()
                ? "\u001b[" + tone.sgr() + "m" + text + "\u001b[0m"
                : text;
    }

    /** How long ago an instant was, in milliseconds since 1970. */
    public String ago(long millis) {
        return Ages.between(millis, now.toEpochMilli());
    }

    /** Whether an instant is over, in milliseconds since 1970. */
    public boolean isPast(long millis) {
        return millis <= now.toEpochMilli();
    }

    /** How long it is until an instant, in milliseconds since 1970. */
    public String until(long millis) {
        return Ages.left(now.toEpochMilli(), millis);
    }

    /** How long it was from one instant to another, in milliseconds since 1970. */
    public String span(long from, long to) {
        return Ages.between(from, to);
    }
}
