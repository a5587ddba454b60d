package io.skerry.device.container;

import io.skerry.spec.Text;
import io.skerry.spec.desired.HealthCheck.Timing;
import io.skerry.spec.status.ContainerStatus.Health;
import java.time.Duration;

/**
 * What the checks of one run of a container have shown so far; pure.
 *
 * <p>As Docker does, a container is first checked for the record one interval after its start, and failures in its start
 * period don't count. Until then it is looked at each second and in the first two more often, so that one that works is known
 * to work soon.
 *
 * @param failures in a row that count
 * @param message what the last failed check said; empty if none failed
 */
record HealthState(Health health, int failures, String message) {
    private static final Duration SOONEST = Duration.ofMillis(250);
    private static final Duration QUICK = Duration.ofSeconds(1);
    private static final int LONGEST_MESSAGE = 400;

    static HealthState starting(String earlierMessage) {
        return new HealthState(Health.STARTING, 0, earlierMessage);
    }

    /** A container without a check works while it runs. */
    static HealthState unchecked(String earlierMessage) {
        return new HealthState(Health.HEALTHY, 0, earlierMessage);
    }

    HealthState passed() {
        return new HealthState(Health.HEALTHY, 0, message);
    }

    HealthState failed(String said, Timing timing, Duration sinceStart) {
        String brief = Text.shortened(said, LONGEST_MESSAGE);
        boolean forTheRecord = health != Health.STARTING
                || (sinceStart.compareTo(interval(timing)) >= 0
                        && sinceStart.compareTo(Duration.ofSeconds(timing.startPeriodSeconds())) >= 0);
        if (!forTheRecord) {
            return new HealthState(health, failures, brief);
        }
        boolean unhealthy = failures + 1 >= Math.max(1, timing.retries());
        return new HealthState(unhealthy ? Health.UNHEALTHY : health, failures + 1, brief);
    }

    /** Whether it failed once more after it was called unhealthy: everybody had an interval's time to see it. */
    boolean restartDue(Timing timing) {
        return health == Health.UNHEALTHY && failures > Math.max(1, timing.retries());
    }

    /** The wait from one check to the next. */
    Duration pause(Timing timing, Duration sinceStart) {
        Duration interval = interval(timing);
        return health == Health.STARTING && sinceStart.compareTo(interval) < 0
                ? min(quick(sinceStart), interval)
                : interval;
    }

    private static Duration interval(Timing timing) {
        return Duration.ofSeconds(Math.max(1, timing.intervalSeconds()));
    }

    private static Duration quick(Duration sinceStart) {
        // Not Duration's own arithmetic: that starts BigDecimal, which costs a boot 20 ms.
        Duration growing = Duration.ofNanos(sinceStart.toNanos() / 2);
        return min(QUICK, growing.compareTo(SOONEST) < 0 ? SOONEST : growing);
    }

    private static Duration min(Duration a, Duration b) {
        return a.compareTo(b) <= 0 ? a : b;
    }
}
