package io.skerry.cli.output;

import java.time.Duration;

/** Spans of time as people say them, in one unit. */
final class Ages {
    private Ages() {}

    /** From one instant to a later one, both in milliseconds since 1970; a clock that is ahead counts as now. */
    static String between(long millis, long now) {
        Duration age = Duration.ofMillis(Math.max(0, now - millis));
        if (age.toSeconds() < 1) {
            return "now";
        } else if (age.toSeconds() < 120) {
            return age.toSeconds() + " s";
        } else if (age.toMinutes() < 120) {
            return age.toMinutes() + " min";
        } else if (age.toHours() < 48) {
            return age.toHours() + " h";
        } else if (age.toDays() < 730) {
            return age.toDays() + " days";
        }
        return age.toDays() / 365 + " years";
    }
}
