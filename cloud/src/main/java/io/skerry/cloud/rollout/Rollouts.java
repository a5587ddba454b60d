package io.skerry.cloud.rollout;

import io.skerry.cloud.event.EventType;
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
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The roll-outs of all services. Each change is one transaction over rows that say all there is to know, so that a control plane that dies
 * at any moment goes on from where it was. What the caller may not see is answered as if it weren't there.
 */
public final class Rollouts implements NewVersions {
    private static final Logger LOG = LoggerFactory.getLogger(Rollouts.class);

    private final Storage storage;
    private final Ids ids;
    private final InstantSource time;
    private final WorkloadChanges changes;
    /** Roll-outs at which this process has looked. */
    private final Set<String> looked = ConcurrentHashMap.newKeySet();

    private final AuditLog audit;
    private final Events events;

    public Rollouts(
            Storage storage, Ids ids, InstantSource time, WorkloadChanges changes, AuditLog audit, Events events) {
        this.storage = storage;
        this.ids = ids;
        this.time = time;
        this.changes = changes;
        this.audit = audit;
        this.events = events;
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
        RolloutRows.newest(h, serviceId).filter(r -> r.state().active()).ifPresent(r -> supersede(h, r, by));
        RolloutRows.policy(h, serviceId)
                .ifPresent(policy -> begin(
                        h, Services.find(h, serviceId).orElseThrow(), version, from, policy, !policy.manual(), by));
    }

    private void supersede(Handle h, Rollout rollout, Actor by) {
        Rollout now = rollout.to(State.SUPERSEDED).changedAt(time.millis());
        RolloutRows.update(h, now);
        note(h, by, "rollout.superseded", rollout, now);
    }

    private Rollout begin(
            Handle h,
            Service service,
            long version,
            Optional<Long> from,
            RolloutPolicy policy,
            boolean starts,
            Actor by) {
        String id = ids.next();
        long now = time.millis();
        Map<String, Member> earlier = RolloutRows.newest(h, service.serviceId(), version).stream()
                .flatMap(r -> RolloutRows.members(h, r.rolloutId()).stream())
                .collect(Collectors.toMap(Member::instanceId, m -> m));
        var made = new Rollout(
                id,
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
        RolloutRows.insert(h, rollout);
        List<RolloutRows.Follower> followers = RolloutRows.followers(h, service.serviceId());
        Map<String, Integer> phases = Assignment.phases(candidates(followers), policy.phases(), id);
        RolloutRows.insertMembers(
                h,
                id,
                followers.stream()
                        .map(f -> member(
                                f,
                                rollout,
                                phases.getOrDefault(f.instanceId(), 0),
                                Optional.ofNullable(earlier.get(f.instanceId()))
                                        .map(Member::before)
                                        .orElse(from)))
                        .toList());
        audit.note(
                h,
                by,
                change(
                        "DM_start_rollout",
                        rollout,
                        Map.of(),
                        Map.of("state", rollout.state().word(), "version", version)));
        RolloutEvents.ofNew(rollout).ifPresent(type -> tell(h, rollout, type));
        return rollout;
    }

    /** @param earlier what it goes back to where it has the version already, from an earlier attempt say */
    private static Member member(
            RolloutRows.Follower f,
            Rollout rollout,
            int phase,
            @SuppressWarnings("OptionalUsedAsFieldOrParameterType") Optional<Long> earlier) {
        // Who is still to be told of a change is on its way to what that change made it.
        Optional<Long> told = f.untold() ? earlier : f.told();
        boolean has = told.filter(v -> v == rollout.version()).isPresent();
        return new Member(
                f.instanceId(), f.nodeId(), phase, has ? earlier : told, has, Stand.PENDING, Optional.empty());
    }

    private static List<Assignment.Candidate> candidates(List<RolloutRows.Follower> followers) {
        return followers.stream()
                .map(f -> new Assignment.Candidate(f.instanceId(), f.labels()))
                .toList();
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
                    reassign(h, wanted);
                }
                Rollout now = wanted.started().changedAt(time.millis());
                RolloutRows.update(h, now);
                note(h, caller.actor(), "DM_start_rollout", last, now);
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
                supersede(h, last, caller.actor());
            }
            return again.rolloutId();
        });
    }

    private static void reassign(Handle h, Rollout rollout) {
        Map<String, Integer> phases = Assignment.phases(
                candidates(RolloutRows.followers(h, rollout.serviceId())),
                rollout.policy().phases(),
                rollout.rolloutId());
        for (Member m : RolloutRows.members(h, rollout.rolloutId())) {
            RolloutRows.updateMember(h, rollout.rolloutId(), m.in(phases.getOrDefault(m.instanceId(), 0)));
        }
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
            note(h, caller.actor(), operation, before, after);
            changes.refresh(
                    h,
                    RolloutRows.members(h, rolloutId).stream()
                            .map(Member::nodeId)
                            .distinct()
                            .toList());
            return after;
        });
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
            supersede(h, before, Actor.CONTROL_PLANE);
            return;
        }
        List<Member> members = new ArrayList<>(RolloutRows.members(h, before.rolloutId()));
        List<Member> joining = joining(h, before);
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
                note(h, Actor.CONTROL_PLANE, "rollout." + after.state().word(), before, after);
            }
            if (after.state() == State.COMPLETED) {
                concerned.addAll(Services.followers(h, before.serviceId()));
            }
        }
        changes.refresh(h, concerned);
    }

    /** Who follows the newest version since the roll-out began: they get it with its last phase. */
    private static List<Member> joining(Handle h, Rollout rollout) {
        return RolloutRows.newcomers(h, rollout).stream()
                .map(f -> member(f, rollout, rollout.policy().phases().size() - 1, rollout.from()))
                .toList();
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

    private void note(Handle h, Actor by, String operation, Rollout before, Rollout after) {
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

    /** What is said of a roll-out that isn't there, or is another customer's. */
    public static Problem unknown(String rolloutId) {
        return new Problem(
                "rollout.unknown",
                "There is no roll-out '" + Text.shortened(rolloutId, 60) + "'.",
                "Look the ids up with DM_get_rollouts or 'skerry rollout ls'.");
    }
}
