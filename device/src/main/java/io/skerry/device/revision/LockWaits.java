package io.skerry.device.revision;

import io.avaje.jsonb.Json;
import io.avaje.jsonb.JsonType;
import io.skerry.spec.Required;
import io.skerry.spec.Wire;
import io.skerry.spec.desired.UpdateRules;
import io.skerry.spec.desired.Workload;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * How long updates have waited already for containers to let go of their update locks. A newer version that takes the place of
 * one that waits waits on, and so does whoever waits again after a restart or in the next window: else a limit that is longer
 * than a window, or than the daemon's life, would never be reached. Time in which nobody looked doesn't count. Pure.
 *
 * @param millis the time waited by the container's name, at most what a limit can be
 */
@Json
public record LockWaits(Map<String, Long> millis) {
    static final JsonType<LockWaits> JSON = Wire.lenient(LockWaits.class);
    static final LockWaits NONE = new LockWaits(Map.of());

    private static final Duration MOST = Duration.ofSeconds(UpdateRules.MOST_LOCK_SECONDS);

    /** By how much a wait must have grown to be written down again. */
    private static final Duration LEAST_KEPT = Duration.ofMinutes(1);

    public LockWaits {
        Required.field(millis, "millis");
        if (millis.values().stream().anyMatch(m -> m < 0 || m > MOST.toMillis())) {
            throw new IllegalArgumentException("a wait is longer than any limit, or shorter than nothing");
        }
        millis = Map.copyOf(millis);
    }

    /** How long this container was waited for. */
    Duration of(String container) {
        return Duration.ofMillis(millis.getOrDefault(container, 0L));
    }

    /** With this container waited for as long as this. */
    LockWaits with(String container, Duration waited) {
        Map<String, Long> now = new TreeMap<>(millis);
        now.put(container, Math.min(waited.toMillis(), MOST.toMillis()));
        return new LockWaits(now);
    }

    /** Without this container: it let go, or its program has ended. */
    LockWaits without(String container) {
        return only(name -> !name.equals(container));
    }

    /** Those of containers that would have to let go for this workload. */
    LockWaits stillFor(Workload wanted, Workload committed) {
        // A reboot ends all of them.
        return Placement.needingReboot(committed, wanted).isEmpty()
                ? only(name -> Optional.ofNullable(committed.containers().get(name))
                        .filter(c -> !Forms.same(
                                c, Optional.ofNullable(wanted.containers().get(name))))
                        .isPresent())
                : this;
    }

    /** Those of these containers alone. */
    LockWaits only(Predicate<String> wanted) {
        Map<String, Long> left = new TreeMap<>(millis);
        left.keySet().removeIf(wanted.negate());
        return left.size() == millis.size() ? this : new LockWaits(left);
    }

    /** Whether what is on the disk is to be replaced by this: because a wait is over, or has become longer by a minute. */
    boolean differsEnoughFrom(LockWaits kept) {
        return !millis.keySet().containsAll(kept.millis.keySet())
                || millis.keySet().stream()
                        .anyMatch(n -> of(n).minus(kept.of(n)).compareTo(LEAST_KEPT) >= 0);
    }
}
