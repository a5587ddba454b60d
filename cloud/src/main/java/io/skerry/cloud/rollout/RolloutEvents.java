package io.skerry.cloud.rollout;

import io.skerry.cloud.event.EventType;
import io.skerry.cloud.event.NewEvent;
import io.skerry.cloud.event.Subject;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** What of a roll-out's way is an event. Pure. */
final class RolloutEvents {
    private RolloutEvents() {}

    /** What happens when a roll-out is made. */
    static Optional<EventType> ofNew(Rollout made) {
        return switch (made.state()) {
            case RUNNING -> Optional.of(EventType.ROLLOUT_PHASE_BEGUN);
            case AWAITING_APPROVAL -> Optional.of(EventType.ROLLOUT_AWAITING_APPROVAL);
            case WAITING, PAUSED, COMPLETED, ABORTED, REVERTED, SUPERSEDED -> Optional.empty();
        };
    }

    /** What happens when it goes from here to there; of several phases that it passes at once only the last is told. */
    static Optional<EventType> between(Rollout before, Rollout after) {
        if (before.state() == after.state() && before.phase() == after.phase()) {
            return Optional.empty();
        }
        return switch (after.state()) {
            case RUNNING ->
                Optional.of(
                        before.state() == State.PAUSED && before.phase() == after.phase()
                                ? EventType.ROLLOUT_RESUMED
                                : EventType.ROLLOUT_PHASE_BEGUN);
            case AWAITING_APPROVAL -> Optional.of(EventType.ROLLOUT_AWAITING_APPROVAL);
            case PAUSED -> Optional.of(EventType.ROLLOUT_PAUSED);
            case COMPLETED, ABORTED, REVERTED, SUPERSEDED -> Optional.of(EventType.ROLLOUT_ENDED);
            case WAITING -> Optional.empty();
        };
    }

    /** The event of this type about a roll-out as it is now. */
    static NewEvent event(Rollout rollout, EventType type, String serviceName) {
        // While it waits for its approval, the phase that is meant is the next one.
        int phase = rollout.phase() + (type == EventType.ROLLOUT_AWAITING_APPROVAL ? 2 : 1);
        Map<String, Object> data = new HashMap<>(Map.of(
                "service_name",
                serviceName,
                "version",
                rollout.version(),
                "phase",
                Math.max(1, phase),
                "phases",
                rollout.policy().phases().size()));
        if (type == EventType.ROLLOUT_PAUSED) {
            data.put("reason", NewEvent.problem(rollout.reason().orElseThrow()));
        }
        if (type == EventType.ROLLOUT_ENDED) {
            data.put("state", rollout.state().word());
        }
        return new NewEvent(
                rollout.customerId(), type, Subject.rollout(rollout.rolloutId(), rollout.serviceId()), data);
    }
}
