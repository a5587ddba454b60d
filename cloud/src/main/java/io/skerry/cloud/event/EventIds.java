package io.skerry.cloud.event;

import java.util.UUID;
import java.util.random.RandomGenerator;

/**
 * UUIDs of version 7 (RFC 9562) that only grow: the twelve bits after the time count within a millisecond (its method 1), and a clock that
 * goes back goes unnoticed.
 */
final class EventIds {
    private static final int MOST_IN_A_MILLISECOND = 0xfff;

    private EventIds() {}

    /**
     * The id of what comes next. Pure but for the random part.
     *
     * @param last the one before; empty: there is none
     * @param now milliseconds since 1970
     */
    static String after(String last, long now, RandomGenerator random) {
        long before = last.isEmpty() ? 0 : UUID.fromString(last).getMostSignificantBits();
        long millis = before >>> 16;
        long count = (before & MOST_IN_A_MILLISECOND) + 1;
        if (now > millis) {
            millis = now;
            count = 0;
        } else if (count > MOST_IN_A_MILLISECOND) {
            millis++;
            count = 0;
        }
        long high = (millis << 16) | 0x7000L | count;
        long low = (random.nextLong() & 0x3fff_ffff_ffff_ffffL) | 0x8000_0000_0000_0000L;
        return new UUID(high, low).toString();
    }
}
