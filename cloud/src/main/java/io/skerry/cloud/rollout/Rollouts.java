package io.skerry.cloud.rollout;

import io.skerry.cloud.event.Events;
import io.skerry.cloud.node.WorkloadChanges;
import io.skerry.cloud.service.NewVersions;
import io.skerry.cloud.service.Service;
import io.skerry.cloud.service.Services;
import io.skerry.cloud.storage.Ids;
import io.skerry.cloud.storage.Page;
import io.skerry.cloud.storage.Storage;
import io.skerry.cloud.tenancy.Actor;
import io.skerry.cloud.tenancy.AuditLog;
import io.skerry.cloud.tenancy.Caller;
import io.skerry.cloud.tenancy.Change;
import io.skerry.spec.Problem;
import io.skerry.spec.Text;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import org.jdbi.v3.core.Handle;

/**
 * The roll-outs of all services, as operators have them made, changed and told; {@link RolloutTurns} carries them on. What the caller may
 * not see is answered as if it weren't there.
 */
public final class Rollouts implements NewVersions {
    private final Storage storage;
    private final Ids ids;
    private final InstantSource time;
    private final WorkloadChanges changes;
    private final AuditLog audit;
    private final RolloutLog log;

    public Rollouts(
            Storage storage, Ids ids, InstantSource time, WorkloadChanges changes, AuditLog audit, Events events) {
        this.storage = storage;
        this.ids = ids;
        this.time = time;
        this.changes = changes;
        this.audit = audit;
        this.log = new RolloutLog(audit, events, time);
    }

    /**
     * Says how a service's new versions go out from now on.
     *
     * @param policy empty: to all at once
     * @throws io.skerry.spec.ProblemException {@code service.unknown}
     */
    public void setPolicy(
            String serviceId,
            @SuppressWarnings("OptionalUsedAsFieldOrParameterType") Optional<RolloutPolicy> policy,
            Caller caller) {
        storage.write(h -> {
            Service service = service(h, serviceId, caller);
            Optional<RolloutPolicy> before = RolloutRows.policy(h, serviceId);
            RolloutRows.keepPolicy(h, serviceId, policy);
            audit.note(
                    h,
                    caller.actor(),
                    new Change(
                            Optional.of(service.customerId()),
                            "DM_set_rollout_policy",
                            "service",
                            serviceId,
                            service.name(),
                            told(before),
                            told(policy)));
            return service;
        });
    }

    private static Map<String, Object> told(
            @SuppressWarnings("OptionalUsedAsFieldOrParameterType") Optional<RolloutPolicy> policy) {
        return policy.<Map<String, Object>>map(p -> Map.of("policy", RolloutPolicy.JSON.toJson(p)))
                .orElse(Map.of());
    }

    public Optional<RolloutPolicy> policy(String serviceId) {
        return storage.read(h -> RolloutRows.policy(h, serviceId));
    }

    @Override
    public void made(Handle h, String serviceId, long version, Optional<Long> before, Actor by) {
        // What never went to all isn't what an instance is to get that isn't a member.
        Optional<Long> from = before.flatMap(v -> RolloutRows.newest(h, serviceId, v))
                .filter(r -> r.state().governs())
                .map(Rollout::from)
                .orElse(before);
        RolloutRows.newest(h, serviceId).filter(r -> r.state().active()).ifPresent(r -> log.superseded(h, by, r));
        RolloutRows.policy(h, serviceId)
                .ifPresent(policy -> begin(
                        h, Services.find(h, serviceId).orElseThrow(), version, from, policy, !policy.manual(), by));
    }

    private Rollout begin(
            Handle h,
            Service service,
            long version,
            Optional<Long> from,
            RolloutPolicy policy,
            boolean starts,
            Actor by) {
        long now = time.millis();
        var made = new Rollout(
                ids.next(),
                service.customerId(),
                service.serviceId(),
                version,
                from,
                policy,
                State.WAITING,
                0,
                Optional.empty(),
                0,
                Optional.empty(),
                now,
                now);
        Rollout rollout = starts ? made.started() : made;
        // Before it is there itself: they come from the attempt before it, too.
        List<Member> members = Enlistment.of(h, rollout);
        RolloutRows.insert(h, rollout);
        RolloutRows.insertMembers(h, rollout.rolloutId(), members);
        log.begun(h, by, rollout);
        return rollout;
    }

    /**
     * Starts the roll-out of a service's newest version: one that waits for it, or a new one after an earlier one of the same version was
     * aborted, reverted or superseded.
     *
     * @param policy in place of the service's
     * @return its id
     * @throws io.skerry.spec.ProblemException {@code service.unknown}, {@code rollout.active} when one goes on already, {@code
     *     rollout.nothing} when the newest version has gone to all
     */
    public String start(
            String serviceId,
            @SuppressWarnings("OptionalUsedAsFieldOrParameterType") Optional<RolloutPolicy> policy,
            Caller caller) {
        return storage.write(h -> {
            Service service = service(h, serviceId, caller);
            Rollout last = RolloutRows.newest(h, serviceId, service.latestVersion())
                    .filter(r -> r.state().governs())
                    .orElseThrow(() -> new Problem(
                                    "rollout.nothing",
                                    "The newest version of '" + service.name() + "' has gone to all who follow it.",
                                    "Set a policy with DM_set_rollout_policy, and import the next version.")
                            .asException());
            RolloutPolicy by = policy.or(() -> RolloutRows.policy(h, serviceId)).orElse(last.policy());
            if (last.state() == State.WAITING) {
                Rollout wanted = last.by(by);
                if (!wanted.equals(last)) {
                    Enlistment.anew(h, wanted);
                }
                Rollout now = wanted.started().changedAt(time.millis());
                RolloutRows.update(h, now);
                log.changed(h, caller.actor(), "DM_start_rollout", last, now);
                return now.rolloutId();
            }
            if (last.state().active()) {
                throw new Problem(
                                "rollout.active",
                                "Version " + last.version() + " of '" + service.name()
                                        + "' is being rolled out already: "
                                        + last.state().word() + ".",
                                "Resume or abort that one; a newer version takes its place by itself.")
                        .asException();
            }
            Rollout again = begin(h, service, service.latestVersion(), last.from(), by, true, caller.actor());
            if (last.state() != State.SUPERSEDED) {
                log.superseded(h, caller.actor(), last);
            }
            return again.rolloutId();
        });
    }

    /**
     * Admits nobody any more until it is resumed; devices that are at it finish.
     *
     * @throws io.skerry.spec.ProblemException {@code rollout.unknown}, {@code rollout.state}
     */
    public void pause(String rolloutId, Caller caller) {
        change(
                rolloutId,
                "DM_pause_rollout",
                Set.of(State.RUNNING, State.AWAITING_APPROVAL),
                caller,
                (h, r) -> r.paused(new Problem(
                        "rollout.paused", caller.actor().name() + " paused it.", "Resume it when it is to go on.")));
    }

    /** Goes on, in spite of the failures that there are. */
    public void resume(String rolloutId, Caller caller) {
        change(
                rolloutId,
                "DM_resume_rollout",
                Set.of(State.PAUSED),
                caller,
                (h, r) -> r.to(State.RUNNING)
                        .tolerating(Decision.failed(Decision.begun(r, RolloutRows.members(h, rolloutId)))));
    }

    /** Begins the phase that waits for it. */
    public void approve(String rolloutId, Caller caller) {
        change(
                rolloutId,
                "DM_approve_rollout",
                Set.of(State.AWAITING_APPROVAL),
                caller,
                (h, r) -> r.to(State.RUNNING).nextPhase());
    }

    /** Goes no further; who has the version keeps it. */
    public void abort(String rolloutId, Caller caller) {
        change(
                rolloutId,
                "DM_abort_rollout",
                Set.of(State.WAITING, State.RUNNING, State.PAUSED, State.AWAITING_APPROVAL),
                caller,
                (h, r) -> r.to(State.ABORTED));
    }

    /** Has each device go back to what it was told before. */
    public void revert(String rolloutId, Caller caller) {
        change(
                rolloutId,
                "DM_revert_rollout",
                Set.of(
                        State.WAITING,
                        State.RUNNING,
                        State.PAUSED,
                        State.AWAITING_APPROVAL,
                        State.ABORTED,
                        State.COMPLETED),
                caller,
                (h, r) -> {
                    Service service = Services.find(h, r.serviceId()).orElseThrow();
                    if (service.latestVersion() != r.version()) {
                        throw new Problem(
                                        "rollout.state",
                                        "Version " + r.version() + " isn't the newest of '" + service.name()
                                                + "' any more.",
                                        "Revert the roll-out of the newest, or pin instances to a version.")
                                .asException();
                    }
                    RolloutRows.takeBack(h, rolloutId);
                    return r.to(State.REVERTED);
                });
    }

    private void change(
            String rolloutId,
            String operation,
            Set<State> from,
            Caller caller,
            BiFunction<Handle, Rollout, Rollout> change) {
        storage.write(h -> {
            Rollout before = RolloutRows.find(h, rolloutId)
                    .filter(r -> caller.sees(r.customerId()))
                    .orElseThrow(() -> unknown(rolloutId).asException());
            if (!from.contains(before.state())) {
                throw new Problem(
                                "rollout.state",
                                "The roll-out is " + before.state().word() + ", so this can't be done with it.",
                                "Look at it with DM_get_rollout or 'skerry rollout show'.")
                        .asException();
            }
            Rollout after = change.apply(h, before).changedAt(time.millis());
            RolloutRows.update(h, after);
            log.changed(h, caller.actor(), operation, before, after);
            changes.refresh(
                    h,
                    RolloutRows.members(h, rolloutId).stream()
                            .map(Member::nodeId)
                            .distinct()
                            .toList());
            return after;
        });
    }

    /** A customer's roll-outs, the newest first. */
    public Page<Rollout> list(
            String customerId,
            @SuppressWarnings("OptionalUsedAsFieldOrParameterType") Optional<String> serviceId,
            int take,
            String cursor) {
        return storage.read(h -> Page.of(
                h.createQuery("SELECT * FROM rollouts WHERE customer_id = :customer"
                                + " AND (CAST(:service AS TEXT) IS NULL OR service_id = :service)"
                                + " AND (:cursor = '' OR rollout_id < :cursor) ORDER BY rollout_id DESC LIMIT :most")
                        .bind("customer", customerId)
                        .bind("service", serviceId)
                        .bind("cursor", cursor)
                        .bind("most", take + 1)
                        .map((rs, c) -> RolloutRows.row(rs))
                        .list(),
                take,
                Rollout::rolloutId));
    }

    /** A service's newest roll-out, whoever's it is. */
    public Optional<RolloutView> newest(String serviceId) {
        return storage.read(h ->
                RolloutRows.newest(h, serviceId).map(r -> new RolloutView(r, RolloutRows.members(h, r.rolloutId()))));
    }

    /** The roll-out of this id, whoever's it is. */
    public Optional<RolloutView> find(String rolloutId) {
        return storage.read(h ->
                RolloutRows.find(h, rolloutId).map(r -> new RolloutView(r, RolloutRows.members(h, rolloutId))));
    }

    private static Service service(Handle h, String serviceId, Caller caller) {
        return Services.find(h, serviceId)
                .filter(s -> caller.sees(s.customerId()))
                .orElseThrow(() -> Services.unknown(serviceId).asException());
    }

    /** What is said of a roll-out that isn't there, or is another customer's. */
    public static Problem unknown(String rolloutId) {
        return new Problem(
                "rollout.unknown",
                "There is no roll-out '" + Text.shortened(rolloutId, 60) + "'.",
                "Look the ids up with DM_get_rollouts or 'skerry rollout ls'.");
    }
}
