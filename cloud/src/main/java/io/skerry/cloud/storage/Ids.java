package io.skerry.cloud.storage;

import java.time.InstantSource;
import java.util.UUID;
import java.util.random.RandomGenerator;

/** Makes ids: UUIDs of version 7 (RFC 9562), so that they sort by the time at which they were made. */
public final class Ids {
    private final InstantSource time;
    private final RandomGenerator random;

    public Ids(InstantSource time, RandomGenerator random) {
        this.time = time;
        this.random = random;
    }

    /** A new id, in the 36 characters of a UUID. */
    public String next() {
        long high = (time.millis() << 16) | 0x7000L | (random.nextLong() & 0xfffL);
        long low = (random.nextLong() & 0x3fff_ffff_ffff_ffffL) | 0x8000_0000_0000_0000L;
        return new UUID(high, low).toString();
    }
}
