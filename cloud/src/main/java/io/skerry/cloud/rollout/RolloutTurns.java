package io.skerry.cloud.rollout;

import io.skerry.cloud.event.Events;
import io.skerry.cloud.node.WorkloadChanges;
import io.skerry.cloud.service.Services;
import io.skerry.cloud.storage.Storage;
import io.skerry.cloud.tenancy.Actor;
import io.skerry.cloud.tenancy.AuditLog;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries roll-outs on by themselves, as {@link Decision} says. Each turn of one is one transaction over rows that say all there is to
 * know, so that a control plane that dies at any moment goes on from where it was.
 */
public final class RolloutTurns {
    private static final Logger LOG = LoggerFactory.getLogger(RolloutTurns.class);

    private final Storage storage;
    private final InstantSource time;
    private final WorkloadChanges changes;
    private final RolloutLog log;
    /** Roll-outs at which this process has looked. */
    private final Set<String> looked = ConcurrentHashMap.newKeySet();

    public RolloutTurns(Storage storage, InstantSource time, WorkloadChanges changes, AuditLog audit, Events events) {
        this.storage = storage;
        this.time = time;
        this.changes = changes;
        this.log = new RolloutLog(audit, events, time);
    }

    /**
     * Goes on with what goes on by itself, from what devices have said; called every few seconds. One that can't go on keeps no other from
     * it, and is tried again the next time.
     */
    public void advance(Reports reports) {
        List<Rollout> active = storage.read(RolloutRows::active);
        looked.retainAll(active.stream().map(Rollout::rolloutId).toList());
        for (Rollout rollout : active) {
            try {
                // Outside of the work, which is to be short. What they say of another version doesn't count.
                Map<String, Report> said = reports.of(rollout.serviceId());
                boolean first = !looked.contains(rollout.rolloutId());
                storage.write(h -> {
                    RolloutRows.find(h, rollout.rolloutId())
                            .filter(r -> r.state().active())
                            .ifPresent(r -> advance(h, r, said, first));
                    return rollout;
                });
                looked.add(rollout.rolloutId());
            } catch (RuntimeException e) {
                LOG.error("Roll-out {} couldn't go on; it is tried again in some seconds.", rollout.rolloutId(), e);
            }
        }
    }

    private void advance(Handle h, Rollout before, Map<String, Report> reports, boolean first) {
        if (Services.find(h, before.serviceId())
                .filter(s -> s.latestVersion() == before.version())
                .isEmpty()) {
            // It was retired, or a newer one goes to all at once.
            log.superseded(h, Actor.CONTROL_PLANE, before);
            return;
        }
        List<Member> members = new ArrayList<>(RolloutRows.members(h, before.rolloutId()));
        List<Member> joining = Enlistment.joining(h, before);
        RolloutRows.insertMembers(h, before.rolloutId(), joining);
        members.addAll(joining);
        long now = time.millis();
        Decision decision = Decision.of(
                before,
                first
                        ? members.stream()
                                .map(m -> Decision.unjudged(m, before, now))
                                .toList()
                        : members,
                reports,
                now);
        Map<String, Member> known = new HashMap<>();
        members.forEach(m -> known.put(m.instanceId(), m));
        Set<String> concerned = new HashSet<>();
        for (Member member : decision.members()) {
            Member old = known.get(member.instanceId());
            if (!member.equals(old)) {
                RolloutRows.updateMember(h, before.rolloutId(), member);
            }
            if (old == null || member.admitted() != old.admitted() || joining.contains(old)) {
                concerned.add(member.nodeId());
            }
        }
        if (!decision.rollout().equals(before)) {
            Rollout after = decision.rollout().changedAt(now);
            RolloutRows.update(h, after);
            if (after.state() != before.state() || after.phase() != before.phase()) {
                log.changed(h, Actor.CONTROL_PLANE, "rollout." + after.state().word(), before, after);
            }
            if (after.state() == State.COMPLETED) {
                concerned.addAll(Services.followers(h, before.serviceId()));
            }
        }
        changes.refresh(h, concerned);
    }
}
