package io.skerry.device.revision;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Since when updates wait for containers to let go of their update locks: a newer version that takes the place of one that
 * waits waits on, so that whoever changes a service often gets it updated too. May be used from any thread.
 */
final class LockWaits {
    /** Who looks no more has given up waiting, and the lock may have been free meanwhile. */
    private static final long GIVEN_UP = Duration.ofMinutes(1).toNanos();

    private record Wait(long begun, long looked) {}

    private final Map<String, Wait> waits = new ConcurrentHashMap<>();

    /** Nobody waits for this one any more. */
    void over(String container) {
        waits.remove(container);
    }

    /** When the wait began that this look finds to go on, or to begin; both in the ticker's nanoseconds. */
    long begun(String container, long now) {
        return waits.compute(
                        container,
                        (_, wait) -> wait == null || now - wait.looked > GIVEN_UP
                                ? new Wait(now, now)
                                : new Wait(wait.begun, now))
                .begun;
    }

    /** Whoever waits since then looks once more, however long after the look before. */
    void goesOn(String container, long begun, long now) {
        waits.put(container, new Wait(begun, now));
    }
}
