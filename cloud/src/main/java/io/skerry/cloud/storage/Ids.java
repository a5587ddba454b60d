package io.skerry.cloud.storage;

import java.time.InstantSource;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;

/**
 * Makes ids: UUIDs of version 7 (RFC 9562), which sort in the order in which one process made them, also within a
 * millisecond and across a clock that is set back (§6.2: a counter in {@code rand_a} that begins at random).
 */
public final class Ids {
    private static final int COUNTER_BITS = 12;

    private final InstantSource time;
    private final RandomGenerator random;

    /** The milliseconds and the counter of the latest id. */
    private final AtomicLong latest = new AtomicLong();

    public Ids(InstantSource time, RandomGenerator random) {
        this.time = time;
        this.random = random;
    }

    /** A new id, in the 36 characters of a UUID. */
    public String next() {
        // Half of the counter is left free to count in; what overflows it runs into the milliseconds, still rising.
        long fresh = (time.millis() << COUNTER_BITS) | random.nextInt(1 << (COUNTER_BITS - 1));
        long mine = latest.updateAndGet(before -> Math.max(before + 1, fresh));
        long high = (mine >>> COUNTER_BITS << 16) | 0x7000L | (mine & 0xfffL);
        long low = (random.nextLong() & 0x3fff_ffff_ffff_ffffL) | 0x8000_0000_0000_0000L;
        return new UUID(high, low).toString();
    }
}
