package io.skerry.cloud.rollout;

import io.skerry.cloud.event.EventType;
import io.skerry.cloud.event.Events;
import io.skerry.cloud.service.Service;
import io.skerry.cloud.service.Services;
import io.skerry.cloud.tenancy.Actor;
import io.skerry.cloud.tenancy.AuditLog;
import io.skerry.cloud.tenancy.Change;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** What is left of a roll-out's changes for people and integrators: a line of the audit log and an event. */
final class RolloutLog {
    private final AuditLog audit;
    private final Events events;
    private final InstantSource time;

    RolloutLog(AuditLog audit, Events events, InstantSource time) {
        this.audit = audit;
        this.events = events;
        this.time = time;
    }

    /** One that is there now. */
    void begun(Handle h, Actor by, Rollout rollout) {
        audit.note(
                h,
                by,
                change(
                        "DM_start_rollout",
                        rollout,
                        Map.of(),
                        Map.of("state", rollout.state().word(), "version", rollout.version())));
        RolloutEvents.ofNew(rollout).ifPresent(type -> tell(h, rollout, type));
    }

    /** Another state or phase of it; the row is the caller's to write. */
    void changed(Handle h, Actor by, String operation, Rollout before, Rollout after) {
        audit.note(h, by, change(operation, after, standing(before), standing(after)));
        RolloutEvents.between(before, after).ifPresent(type -> tell(h, after, type));
    }

    private void tell(Handle h, Rollout rollout, EventType type) {
        Service service = Services.find(h, rollout.serviceId()).orElseThrow();
        events.append(h, RolloutEvents.event(rollout, type, service.name()));
    }

    private static Change change(
            String operation, Rollout rollout, Map<String, Object> before, Map<String, Object> after) {
        return new Change(
                Optional.of(rollout.customerId()),
                operation,
                "rollout",
                rollout.rolloutId(),
                "version " + rollout.version(),
                before,
                after);
    }

    private static Map<String, Object> standing(Rollout rollout) {
        Map<String, Object> standing = new HashMap<>();
        standing.put("state", rollout.state().word());
        standing.put("phase", rollout.phase() + 1);
        rollout.reason().ifPresent(why -> standing.put("reason", why.message()));
        return standing;
    }

    /** A newer one takes its place, or its version isn't the newest any more. */
    void superseded(Handle h, Actor by, Rollout rollout) {
        Rollout now = rollout.to(State.SUPERSEDED).changedAt(time.millis());
        RolloutRows.update(h, now);
        changed(h, by, "rollout.superseded", rollout, now);
    }
}
