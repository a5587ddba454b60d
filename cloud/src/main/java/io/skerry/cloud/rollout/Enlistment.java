package io.skerry.cloud.rollout;

import io.skerry.cloud.rollout.RolloutRows.Follower;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;

/** Who is a member of a roll-out, in which of its phases, and what each goes back to when it is reverted. */
final class Enlistment {
    private Enlistment() {}

    /** The members of a roll-out that is about to begin: all who follow the service's newest version. */
    static List<Member> of(Handle h, Rollout rollout) {
        Map<String, Member> earlier = RolloutRows.newest(h, rollout.serviceId(), rollout.version()).stream()
                .flatMap(r -> RolloutRows.members(h, r.rolloutId()).stream())
                .collect(Collectors.toMap(Member::instanceId, m -> m));
        List<Follower> followers = RolloutRows.followers(h, rollout.serviceId());
        Map<String, Integer> phases = phases(followers, rollout);
        return followers.stream()
                .map(f -> member(
                        f,
                        rollout,
                        phases.getOrDefault(f.instanceId(), 0),
                        Optional.ofNullable(earlier.get(f.instanceId()))
                                .map(Member::before)
                                .orElse(rollout.from())))
                .toList();
    }

    /** Who follows the newest version since the roll-out began: they get it with its last phase. */
    static List<Member> joining(Handle h, Rollout rollout) {
        return RolloutRows.newcomers(h, rollout).stream()
                .map(f -> member(f, rollout, rollout.policy().phases().size() - 1, rollout.from()))
                .toList();
    }

    /** Puts the members into the phases of another policy. */
    static void anew(Handle h, Rollout rollout) {
        Map<String, Integer> phases = phases(RolloutRows.followers(h, rollout.serviceId()), rollout);
        for (Member m : RolloutRows.members(h, rollout.rolloutId())) {
            RolloutRows.updateMember(h, rollout.rolloutId(), m.in(phases.getOrDefault(m.instanceId(), 0)));
        }
    }

    private static Map<String, Integer> phases(List<Follower> followers, Rollout rollout) {
        return Assignment.phases(
                followers.stream()
                        .map(f -> new Assignment.Candidate(f.instanceId(), f.labels()))
                        .toList(),
                rollout.policy().phases(),
                rollout.rolloutId());
    }

    /** @param earlier what it goes back to where it has the version already, from an earlier attempt say */
    private static Member member(
            Follower f,
            Rollout rollout,
            int phase,
            @SuppressWarnings("OptionalUsedAsFieldOrParameterType") Optional<Long> earlier) {
        // Who is still to be told of a change is on its way to what that change made it.
        Optional<Long> told = f.untold() ? earlier : f.told();
        boolean has = told.filter(v -> v == rollout.version()).isPresent();
        return new Member(
                f.instanceId(), f.nodeId(), phase, has ? earlier : told, has, Stand.PENDING, Optional.empty());
    }
}
