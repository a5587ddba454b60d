package io.skerry.cloud.webhook;

import java.time.Duration;

/**
 * When a message that wasn't taken is sent again: after 5 s, and each time four times as long as before, up to 6 hours; a fifth more or less.
 * What wasn't taken within three days is given up. Pure.
 */
final class BackOff {
    /** From the first try on, a message is tried for so long. */
    static final Duration GIVEN_UP_AFTER = Duration.ofDays(3);

    /**
     * So often, in seven minutes, a message is tried before others, that come after it, go past it: one that its receiver never takes holds
     * up the others no longer.
     */
    static final int TRIES_IN_ORDER = 5;

    private static final Duration FIRST = Duration.ofSeconds(5);
    private static final Duration LONGEST = Duration.ofHours(6);
    private static final double JITTER = 0.2;

    private BackOff() {}

    /**
     * How long to wait.
     *
     * @param tries how many failed, at least 1
     * @param random from 0 to 1
     */
    static Duration after(int tries, double random) {
        long seconds = FIRST.toSeconds() << Math.min(2 * (tries - 1), 20);
        long millis = Math.min(seconds, LONGEST.toSeconds()) * 1000;
        return Duration.ofMillis((long) (millis * (1 - JITTER + 2 * JITTER * random)));
    }
}
