package io.skerry.cloud.rollout;

import static io.skerry.cloud.rollout.Decisions.ALL;
import static io.skerry.cloud.rollout.Decisions.phase;
import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.cloud.rollout.Assignment.Candidate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Who is in which phase. */
class AssignmentTest {
    @Test
    void phasesTakeByLabelsPercentAndCountAndTheLastTakesTheRest() {
        List<Candidate> all = IntStream.range(0, 100)
                .mapToObj(i -> new Candidate("i" + i, i < 10 ? Map.of("canary", "") : Map.of()))
                .toList();
        List<Phase> phases = List.of(
                new Phase(Map.of("canary", ""), Optional.empty(), Optional.of(4), 100, 0, 0, 0, 0, false),
                new Phase(Map.of(), Optional.of(25), Optional.empty(), 100, 0, 0, 0, 0, false),
                new Phase(Map.of("none", "x"), Optional.empty(), Optional.empty(), 100, 0, 0, 0, 0, false));

        Map<String, Integer> assigned = Assignment.phases(all, phases, "r");

        assertThat(assigned).hasSize(100);
        assertThat(assigned.entrySet().stream().filter(e -> e.getValue() == 0).map(Map.Entry::getKey))
                .hasSize(4)
                .allMatch(id -> Integer.parseInt(id.substring(1)) < 10);
        assertThat(assigned.values().stream().filter(p -> p == 1)).hasSize(25);
        assertThat(assigned.values().stream().filter(p -> p == 2))
                .as("the rest")
                .hasSize(71);
        assertThat(Assignment.phases(all.reversed(), phases, "r"))
                .as("not by order")
                .isEqualTo(assigned);
        assertThat(Assignment.phases(all, phases, "other")).isNotEqualTo(assigned);
    }

    @Test
    void percentOfASmallFleetIsOneAtLeast() {
        Map<String, Integer> assigned = Assignment.phases(
                List.of(new Candidate("a", Map.of()), new Candidate("b", Map.of())),
                List.of(phase(Optional.of(1), 100, 0, 0, 0), ALL),
                "r");

        assertThat(assigned.values()).containsExactlyInAnyOrder(0, 1);
    }
}
