package io.skerry.device.container;

import java.time.Duration;

/**
 * How long a container that keeps ending waits for its next start: 1, 2, 4, … 60 seconds. One that ran for a minute begins
 * anew.
 *
 * @param ends how often it ended without a minute between start and end
 */
record BackOff(int ends) {
    static final BackOff NONE = new BackOff(0);

    private static final Duration STABLE = Duration.ofSeconds(60);
    private static final Duration LONGEST = Duration.ofSeconds(60);

    /** After one more end of a container that ran for this long. */
    BackOff afterRunOf(Duration ran) {
        return new BackOff(ran.compareTo(STABLE) >= 0 ? 1 : Math.min(ends, Integer.MAX_VALUE - 1) + 1);
    }

    /** The wait after an end that wasn't asked for. */
    Duration delay() {
        if (ends == 0) {
            return Duration.ZERO;
        }
        return ends > 6 ? LONGEST : Duration.ofSeconds(1L << (ends - 1));
    }

    /** The wait after a reboot that the container itself asked for: none the first time. */
    Duration delayAfterReboot() {
        return ends <= 1 ? Duration.ZERO : delay();
    }
}
