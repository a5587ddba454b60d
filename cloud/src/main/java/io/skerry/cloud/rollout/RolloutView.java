package io.skerry.cloud.rollout;

import io.skerry.cloud.storage.Page;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** A roll-out with its members, as it is told: how many are how far, and who they are. Pure. */
public record RolloutView(Rollout rollout, List<Member> members) {
    public RolloutView {
        members = List.copyOf(members);
    }

    /** A member and where it is on its way. */
    public record Placed(Member member, MemberState state) {}

    /** How far they are, all or those of one phase. */
    public Progress progress(Optional<Integer> phase, Map<String, Report> reports) {
        return Progress.of(
                heard(reports)
                        .filter(m -> phase.isEmpty() || phase.get() == m.phase())
                        .toList(),
                reports);
    }

    /** Those that are meant, in the order of their instances' ids, by which a cursor names them. */
    public Page<Placed> members(MemberFilter filter, Map<String, Report> reports, int take, String cursor) {
        return Page.of(
                heard(reports)
                        .filter(m -> m.instanceId().compareTo(cursor) > 0)
                        .map(m -> new Placed(m, MemberState.of(m, reports)))
                        .filter(p -> filter.takes(p.member(), p.state()))
                        .sorted(Comparator.comparing(p -> p.member().instanceId()))
                        .limit(take + 1L)
                        .toList(),
                take,
                p -> p.member().instanceId());
    }

    /** Who was away when it was completed isn't kept account of any more. */
    private Stream<Member> heard(Map<String, Report> reports) {
        return members.stream().map(m -> m.stand() == Stand.PENDING ? Decision.heard(m, rollout, reports) : m);
    }
}
