package io.skerry.device.revision;

import static io.skerry.device.revision.Situations.running;
import static io.skerry.device.revision.Workloads.container;
import static io.skerry.device.revision.Workloads.within;
import static io.skerry.device.revision.Workloads.workload;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

/** How long containers may take to their goals. */
class GoalSecondsTest {
    @Test
    void aGroupHasTheTimeOfItsSlowestMember() {
        var wanted = workload("a", within(300, container("web", 1)), "b", container("db", 1));

        assertThat(reach(Planner.update(Situation.EMPTY, wanted).steps())).containsExactly(300);
    }

    @Test
    void aContainerCanHaveLessThanItsGroup() {
        var wanted = workload("a", within(5, container("web", 1)));

        assertThat(reach(Planner.update(Situation.EMPTY, wanted).steps())).containsExactly(5);
    }

    @Test
    void anotherTimeAloneTouchesNoContainer() {
        var old = workload("a", container("web", 1));
        var wanted = workload("a", within(300, container("web", 1)));

        assertThat(Planner.update(running(old, wanted), wanted).steps())
                .noneMatch(s -> s instanceof Step.Stop || s instanceof Step.Start);
    }

    @Test
    void noTimeAtAllIsRefused() {
        for (int seconds : List.of(0, -1, 86_401)) {
            assertThatThrownBy(() -> WorkloadRules.check(workload("a", within(seconds, container("web", 1)))))
                    .hasMessageContaining("goal_seconds");
        }
    }

    private static List<Integer> reach(List<Step> steps) {
        return steps.stream()
                .filter(Step.Reach.class::isInstance)
                .map(s -> ((Step.Reach) s).timeoutSeconds())
                .toList();
    }
}
