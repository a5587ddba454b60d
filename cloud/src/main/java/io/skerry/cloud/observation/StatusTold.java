package io.skerry.cloud.observation;

import io.avaje.jsonb.Json;
import io.avaje.jsonb.JsonType;
import io.skerry.spec.Wire;
import io.skerry.spec.status.ContainerStatus;
import io.skerry.spec.status.DeviceStatus;
import io.skerry.spec.status.RevisionStatus;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What has been told of a device's statuses as events.
 *
 * @param revision the number of the committed revision; 0 before the first
 * @param committed which version of each instance is committed, by the instance's id
 * @param begun which version of each instance is being brought to the device
 * @param failed which version of each instance failed last and why, in one word
 * @param problems the codes of what is wrong
 * @param left how many more events may be told at once
 * @param leftAt when that was so, milliseconds since 1970
 * @param restored which volumes were put back, in one word each, the newest told last; empty as an earlier version of the control plane
 *     wrote it, which told none
 */
@Json(naming = Json.Naming.LowerUnderscore)
record StatusTold(
        int revision,
        Map<String, Long> committed,
        Map<String, Long> begun,
        Map<String, String> failed,
        List<String> problems,
        int left,
        long leftAt,
        Optional<List<String>> restored) {
    static final JsonType<StatusTold> JSON = Wire.lenient(StatusTold.class);

    /** So many events a device may bring about at once, and one more every {@link #REFILL_MILLIS} after. */
    static final int MOST_LEFT = 40;

    /** So many volumes that were put back are known again though the device doesn't speak of them any more. */
    static final int MOST_RESTORED = 32;

    static final long REFILL_MILLIS = 3 * 60_000L;

    StatusTold {
        committed = Collections.unmodifiableMap(new TreeMap<>(committed));
        begun = Collections.unmodifiableMap(new TreeMap<>(begun));
        failed = Collections.unmodifiableMap(new TreeMap<>(failed));
        problems = problems.stream().sorted().distinct().toList();
        restored = restored.map(List::copyOf);
    }

    /** Of a device that has told nothing yet. */
    static StatusTold nothing(long now) {
        return new StatusTold(0, Map.of(), Map.of(), Map.of(), List.of(), MOST_LEFT, now, Optional.of(List.of()));
    }

    /**
     * Of a device whose events weren't told from its beginning: all that it says at first counts as told.
     *
     * @return nothing while it is amid an update, for then it can't be known what it had before
     */
    static Optional<StatusTold> firstOf(DeviceStatus status, long now) {
        return isSettled(status)
                ? Optional.of(new StatusTold(
                        status.revision().current(),
                        versions(status),
                        Map.of(),
                        status.revision().heldBack().stream()
                                .collect(Collectors.toMap(
                                        h -> h.name(),
                                        h -> StatusReading.failure(
                                                h.wanted().version(),
                                                h.result(),
                                                h.reason().problem()),
                                        (a, b) -> b)),
                        status.problems().stream().map(p -> p.code()).toList(),
                        MOST_LEFT,
                        now,
                        Optional.of(status.revision().allGivenUp().stream()
                                .map(StatusReading::restoration)
                                .toList())))
                : Optional.empty();
    }

    /** Whether the device is at nothing, so that its containers are those of the committed revision. */
    static boolean isSettled(DeviceStatus status) {
        return status.revision().trying().isEmpty()
                && switch (status.revision().phase()) {
                    case IDLE, AWAITING_WINDOW -> true;
                    case FETCHING, PUT_OFF, SWITCHING, ON_TRIAL, ROLLING_BACK, REBOOTING -> false;
                };
    }

    /** Which version of each instance a settled device has. */
    static Map<String, Long> versions(DeviceStatus status) {
        return status.containers().stream()
                .collect(
                        Collectors.toMap(ContainerStatus::name, c -> c.service().version(), (a, b) -> b, TreeMap::new));
    }

    /** Whether what the device says of its revision is that it goes back. */
    static boolean goesBack(DeviceStatus status) {
        return status.revision().phase() == RevisionStatus.Phase.ROLLING_BACK;
    }
}
