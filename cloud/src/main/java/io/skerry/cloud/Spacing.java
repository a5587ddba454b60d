package io.skerry.cloud;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Has work that is done again and again take a tenth of the time: after a long turn, the next ones are left out, for a minute at most. May be
 * used from any thread.
 */
final class Spacing {
    private static final int PAUSE = 9;
    private static final long LONGEST = Duration.ofMinutes(1).toNanos();

    private final LongSupplier nanos;
    private volatile long notBefore;

    /** @param nanos a clock that only goes forward, in nanoseconds */
    Spacing(LongSupplier nanos) {
        this.nanos = nanos;
        notBefore = nanos.getAsLong();
    }

    void turn(Runnable work) {
        long begun = nanos.getAsLong();
        if (begun - notBefore < 0) {
            return;
        }
        try {
            work.run();
        } finally {
            long ended = nanos.getAsLong();
            notBefore = ended + Math.min(PAUSE * (ended - begun), LONGEST);
        }
    }
}
