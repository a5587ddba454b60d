package io.skerry.cloud.rollout;

import static io.skerry.cloud.rollout.Decisions.NEW;
import static io.skerry.cloud.rollout.Decisions.admitted;
import static io.skerry.cloud.rollout.Decisions.member;
import static io.skerry.cloud.rollout.Decisions.phase;
import static io.skerry.cloud.rollout.Decisions.rollout;
import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.cloud.rollout.Assignment.Candidate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Whatever devices do, and where nothing fails. */
class DecisionPropertiesTest {
    /** Fleets of devices that update, fail, go away and come back at random. */
    @Test
    void whateverDevicesDoItKeepsToItsPhasesAndBudgetsAndDecidesTheSameTwice() {
        for (int seed = 0; seed < 300; seed++) {
            Random random = new Random(seed);
            List<Phase> phases = new ArrayList<>();
            for (int i = random.nextInt(3); i >= 0; i--) {
                phases.add(new Phase(
                        Map.of(),
                        Optional.of(1 + random.nextInt(60)),
                        Optional.empty(),
                        random.nextInt(101),
                        random.nextInt(60),
                        random.nextInt(3),
                        random.nextInt(20),
                        random.nextInt(4),
                        false));
            }
            List<Candidate> fleet = IntStream.range(0, random.nextInt(20))
                    .mapToObj(i -> new Candidate("i" + i, Map.of()))
                    .toList();
            List<Member> members = Assignment.phases(fleet, phases, "r").entrySet().stream()
                    .map(e -> member(e.getKey(), e.getValue()))
                    .toList();
            Rollout rollout = rollout(phases.toArray(Phase[]::new));
            Map<String, Report> reports = new HashMap<>();
            fleet.forEach(
                    c -> reports.put(c.instanceId(), new Report(1, Stand.DONE, random.nextInt(5) > 0, false, false)));
            for (long now = 0; now < 60_000; now += 1000) {
                Set<String> before = admitted(members);
                Decision decision = Decision.of(rollout, members, reports, now);

                assertThat(Decision.of(decision.rollout(), decision.members(), reports, now))
                        .as("seed %d at %d", seed, now)
                        .isEqualTo(decision);
                int phase = decision.rollout().phase();
                assertThat(decision.members()).allMatch(m -> !m.admitted() || m.phase() <= phase);
                Set<String> now_ = admitted(decision.members());
                assertThat(now_).containsAll(before);
                int most = decision.rollout().current().atOnce();
                Progress progress = Progress.of(decision.members(), reports);
                for (Member m : decision.members()) {
                    // With the end, those are admitted, too, that can't be reached: they are at nothing.
                    if (most > 0
                            && m.admitted()
                            && !before.contains(m.instanceId())
                            && Progress.reachable(m, reports)) {
                        assertThat(Progress.waits(m, reports) ? progress.waiting() : progress.updating())
                                .as("seed %d at %d", seed, now)
                                .isLessThanOrEqualTo(most);
                    }
                }
                if (decision.rollout().state() == State.COMPLETED) {
                    assertThat(now_).hasSameSizeAs(members);
                } else if (decision.rollout().state() != State.RUNNING) {
                    assertThat(now_).isEqualTo(before);
                }
                rollout = decision.rollout();
                members = decision.members();
                live(random, members, reports);
            }
        }
    }

    /** Where nothing fails and everybody can be reached, a roll-out comes to its end by itself. */
    @Test
    void whereNothingFailsItIsCompleted() {
        for (int seed = 0; seed < 100; seed++) {
            Random random = new Random(seed);
            Phase[] phases = IntStream.rangeClosed(0, random.nextInt(4))
                    .mapToObj(i ->
                            phase(Optional.of(1 + random.nextInt(50)), 100, 0, random.nextInt(3), random.nextInt(3)))
                    .toArray(Phase[]::new);
            List<Candidate> fleet = IntStream.range(0, 1 + random.nextInt(20))
                    .mapToObj(i -> new Candidate("i" + i, Map.of()))
                    .toList();
            List<Member> members = Assignment.phases(fleet, List.of(phases), "r").entrySet().stream()
                    .map(e -> member(e.getKey(), e.getValue()))
                    .toList();
            Rollout rollout = rollout(phases);
            for (long now = 0; rollout.state() == State.RUNNING && now < 1_000_000; now += 1000) {
                Map<String, Report> reports = new HashMap<>();
                members.forEach(m -> reports.put(
                        m.instanceId(),
                        m.admitted() && m.stand() == Stand.PENDING && random.nextBoolean()
                                ? new Report(NEW, Stand.DONE, true, false, false)
                                : new Report(NEW, m.stand(), true, false, false)));
                Decision decision = Decision.of(rollout, members, reports, now);
                rollout = decision.rollout();
                members = decision.members();
            }

            assertThat(rollout.state()).as("seed %d", seed).isEqualTo(State.COMPLETED);
            assertThat(members).as("seed %d", seed).allMatch(m -> m.stand() == Stand.DONE);
        }
    }

    private static void live(Random random, List<Member> members, Map<String, Report> reports) {
        for (Member member : members) {
            boolean reachable = random.nextInt(6) > 0;
            Stand stand = !member.admitted() || random.nextInt(3) > 0
                    ? member.stand()
                    : random.nextInt(8) == 0 ? Stand.FAILED : Stand.DONE;
            reports.put(
                    member.instanceId(),
                    new Report(
                            member.admitted() ? NEW : 1,
                            stand,
                            reachable,
                            random.nextInt(9) == 0,
                            random.nextInt(9) == 0));
        }
    }
}
