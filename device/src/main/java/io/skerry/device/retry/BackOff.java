package io.skerry.device.retry;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * Waits that grow with each failure and are spread evenly ("full jitter"), so that a fleet that lost its cloud at one instant
 * doesn't come back at one instant. Not safe for use by several threads.
 */
public final class BackOff {
    /** No wait is shorter, so that nothing ever turns in a tight loop. */
    private static final Duration SHORTEST = Duration.ofMillis(100);

    private final Duration first;
    private final Duration most;
    private final RandomGenerator random;
    private int failures;

    /**
     * @param first the most that is waited after the first failure
     * @param most the most that is ever waited
     */
    public BackOff(Duration first, Duration most, RandomGenerator random) {
        if (first.compareTo(SHORTEST) < 0 || most.compareTo(first) < 0) {
            throw new IllegalArgumentException("a back-off from " + first + " to " + most + " has no room");
        }
        this.first = first;
        this.most = most;
        this.random = random;
    }

    /** How long to wait after one more failure. */
    public Duration next() {
        Duration ceiling = ceiling(failures);
        failures = Math.min(failures + 1, 62);
        long millis = random.nextLong(SHORTEST.toMillis(), ceiling.toMillis() + 1);
        return Duration.ofMillis(millis);
    }

    /** As {@link #next}, but never before what the other side asked for, plus the jitter. */
    public Duration nextAfter(Duration asked) {
        Duration bounded = asked.compareTo(most) > 0 ? most : asked;
        return next().plus(bounded);
    }

    /** It worked: the next wait is short again. */
    public void reset() {
        failures = 0;
    }

    /** Failures since the last success. */
    public int failures() {
        return failures;
    }

    private Duration ceiling(int doublings) {
        long millis = first.toMillis();
        for (int i = 0; i < doublings && millis < most.toMillis(); i++) {
            millis *= 2;
        }
        return Duration.ofMillis(Math.min(millis, most.toMillis()));
    }
}
