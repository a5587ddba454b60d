package io.skerry.spec.desired;

import io.avaje.jsonb.Json;
import io.skerry.spec.Required;
import java.util.List;
import java.util.Optional;

/**
 * A container's place among the others of its workload.
 *
 * @param group its group; empty: the last one
 * @param goal how far it must get; empty: as its group says
 * @param goalSeconds within which it must, 1 to {@link Group#MOST_TIMEOUT_SECONDS}; empty: as its group says
 * @param restart what an update of it costs; empty: as its group says
 * @param after containers of the same group that must have reached their goals before it is started
 */
@Json(naming = Json.Naming.LowerUnderscore)
public record Membership(
        Optional<String> group,
        Optional<Goal> goal,
        Optional<Integer> goalSeconds,
        Optional<RestartScope> restart,
        List<String> after) {
    public static final Membership DEFAULT =
            new Membership(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), List.of());

    public Membership {
        Required.field(group, "group");
        Required.field(goal, "goal");
        Required.field(goalSeconds, "goal_seconds");
        Required.field(restart, "restart");
        Required.field(after, "after");
        after = List.copyOf(after);
    }
}
