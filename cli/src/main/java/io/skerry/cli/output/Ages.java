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

    /** To a later instant, to the nearest one of the unit: twelve hours are that also a moment after they began. */
    static String left(long millis, long later) {
        Duration left = Duration.ofMillis(Math.max(0, later - millis));
        Duration half = left.toSeconds() < 120
                ? Duration.ZERO
                : left.toMinutes() < 120
                        ? Duration.ofSeconds(30)
                        : left.toHours() < 48 ? Duration.ofMinutes(30) : Duration.ofHours(12);
        return between(millis, millis + left.plus(half).toMillis());
    }
}
