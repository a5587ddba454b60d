package io.skerry.device.container;

import io.skerry.spec.desired.Recovery;
import io.skerry.spec.desired.Recovery.Exhausted;
import java.time.Duration;

/**
 * How long a container that keeps ending waits for its next start, and when that is given up; pure.
 *
 * @param recovery what the container asks for
 * @param ends how often it ended without a stable run between
 */
record BackOff(Recovery recovery, int ends) {
    static BackOff none(Recovery recovery) {
        return new BackOff(recovery, 0);
    }

    /** After one more end of a container that ran for this long. */
    BackOff afterRunOf(Duration ran) {
        boolean stable = ran.compareTo(Duration.ofSeconds(recovery.stableSeconds())) >= 0;
        return new BackOff(recovery, stable ? 1 : Math.min(ends, Integer.MAX_VALUE - 1) + 1);
    }

    /** When a start is due: one after a pause begins anew. */
    BackOff atStart() {
        return exhausted() ? none(recovery) : this;
    }

    /** Whether the last end was one too many, and the container isn't started again. */
    boolean givesUp() {
        return exhausted() && recovery.exhausted() != Exhausted.PAUSE;
    }

    private boolean exhausted() {
        return recovery.maxRetries() > 0 && ends > recovery.maxRetries();
    }

    /** The wait after an end that wasn't asked for. */
    Duration delay() {
        if (ends == 0) {
            return Duration.ZERO;
        }
        if (exhausted()) {
            return Duration.ofSeconds(recovery.pauseSeconds());
        }
        double seconds = recovery.retryDelaySeconds() * Math.pow(recovery.backoffFactor(), ends - 1);
        return Duration.ofMillis((long) (Math.min(recovery.mostDelaySeconds(), seconds) * 1000));
    }

    /** The wait after a reboot that the container itself asked for: none the first time. */
    Duration delayAfterReboot() {
        return ends <= 1 ? Duration.ZERO : delay();
    }
}
