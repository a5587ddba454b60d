package io.skerry.cloud.service;

import io.skerry.spec.desired.Goal;
import io.skerry.spec.desired.Membership;
import io.skerry.spec.desired.RestartScope;
import java.util.List;
import java.util.Optional;

/** What an import says about a container's place among the others; {@code after} names services. */
record MembershipChange(
        Change<String> group,
        Change<Goal> goal,
        Change<Integer> goalSeconds,
        Change<RestartScope> restart,
        Change<List<String>> after) {
    static final MembershipChange NONE =
            new MembershipChange(Change.none(), Change.none(), Change.none(), Change.none(), Change.none());

    /** The place that follows one such; empty when nothing is left that differs from the usual. */
    Optional<Membership> over(Optional<Membership> before) {
        Membership old = before.orElse(Membership.DEFAULT);
        var next = new Membership(
                group.over(old.group()),
                goal.over(old.goal()),
                goalSeconds.over(old.goalSeconds()),
                restart.over(old.restart()),
                after.over(Optional.of(old.after())).orElse(List.of()));
        return Optional.of(next).filter(m -> !m.equals(Membership.DEFAULT));
    }
}
