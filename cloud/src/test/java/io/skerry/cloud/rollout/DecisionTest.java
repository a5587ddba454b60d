package io.skerry.cloud.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skerry.cloud.rollout.Assignment.Candidate;
import io.skerry.spec.Problem;
import io.skerry.spec.ProblemException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Whose turn it is, and when a roll-out goes on, waits, stops and ends. */
class DecisionTest {
    private static final long NEW = 2;
    private static final Phase ALL = phase(Optional.empty(), 100, 0, 0, 0);

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

    @Test
    void nextPhaseWaitsUntilTheSuccessHasLastedItsSoakTime() {
        Rollout rollout = rollout(phase(Optional.of(50), 100, 0, 60, 0), ALL);
        Decision first = Decision.of(rollout, List.of(member("a", 0), member("b", 1)), said("a", Stand.PENDING), 0);
        assertThat(admitted(first)).containsExactly("a");

        Decision good = Decision.of(first.rollout(), first.members(), said("a", Stand.DONE), 1000);
        assertThat(good.rollout().phase()).isZero();
        Decision bad = Decision.of(good.rollout(), good.members(), said("a", Stand.PENDING), 30_000);
        Decision again = Decision.of(bad.rollout(), bad.members(), said("a", Stand.DONE), 31_000);
        Decision soaking = Decision.of(again.rollout(), again.members(), said("a", Stand.DONE), 90_999);
        assertThat(soaking.rollout().phase()).isZero();

        Decision next = Decision.of(soaking.rollout(), soaking.members(), said("a", Stand.DONE), 91_000);
        assertThat(next.rollout().phase()).isEqualTo(1);
    }

    @Test
    void failuresBeyondTheThresholdPauseItAndAdmitNobody() {
        Rollout rollout = rollout(phase(Optional.empty(), 50, 25, 0, 0), ALL);
        List<Member> members = List.of(
                member("a", 0).admit(),
                member("b", 0).admit(),
                member("c", 0).admit(),
                member("d", 0).admit(),
                member("e", 1));

        Decision one = Decision.of(rollout, members, said("a", Stand.FAILED, "b", Stand.PENDING), 0);
        assertThat(one.rollout().state()).isEqualTo(State.RUNNING);
        Decision two = Decision.of(
                one.rollout(),
                one.members(),
                said("a", Stand.FAILED, "b", Stand.FAILED, "c", Stand.DONE, "d", Stand.DONE),
                1);

        assertThat(two.rollout().state()).isEqualTo(State.PAUSED);
        assertThat(two.rollout().reason().map(Problem::code)).contains("rollout.failures");
        assertThat(admitted(two)).doesNotContain("e");

        Decision resumed = Decision.of(two.rollout().to(State.RUNNING).tolerating(2), two.members(), Map.of(), 2);
        assertThat(resumed.rollout().state()).isNotEqualTo(State.PAUSED);
    }

    @Test
    void devicesThatCantBeReachedAreNotWaitedForButSomebodyMustHaveDoneWell() {
        Rollout rollout = rollout(phase(Optional.of(50), 100, 0, 0, 0), ALL);
        List<Member> members = List.of(member("a", 0).admit(), member("b", 0), member("c", 1));
        Map<String, Report> none = Map.of(
                "a",
                new Report(NEW, Stand.PENDING, false, false, false),
                "b",
                new Report(NEW, Stand.PENDING, false, false, false));
        assertThat(Decision.of(rollout, members, none, 0).rollout().phase()).isZero();

        Map<String, Report> one = Map.of(
                "a",
                new Report(NEW, Stand.DONE, true, false, false),
                "b",
                new Report(NEW, Stand.PENDING, false, false, false));

        assertThat(Decision.of(rollout, members, one, 0).rollout().phase()).isEqualTo(1);
    }

    @Test
    void deviceThatIsLostAmidItsUpdateHoldsThePhase() {
        Rollout rollout = rollout(phase(Optional.of(50), 100, 0, 0, 0), ALL);
        List<Member> members = List.of(member("a", 0).admit(), member("b", 0).admit(), member("c", 1));

        Decision lost = Decision.of(
                rollout,
                members,
                Map.of(
                        "a",
                        new Report(NEW, Stand.DONE, true, false, false),
                        "b",
                        new Report(NEW, Stand.PENDING, false, false, false)),
                0);
        assertThat(lost.rollout()).isEqualTo(rollout);

        Decision back = Decision.of(lost.rollout(), lost.members(), said("b", Stand.DONE), 1);
        assertThat(back.rollout().phase()).isEqualTo(1);
    }

    @Test
    void whoeverIsAtItForTooLongCountsAsFailedLostOrNot() {
        Rollout rollout = rollout(within(600), ALL);
        List<Member> members = List.of(
                member("a", 0).admit(), member("b", 0).admit(), member("c", 0).admit(), member("d", 1));
        Map<String, Report> reports = new HashMap<>(said("a", Stand.DONE, "b", Stand.PENDING));
        reports.put("c", new Report(NEW, Stand.PENDING, false, true, false));

        Decision begun = Decision.of(rollout, members, reports, 1_000);
        Decision soon = Decision.of(begun.rollout(), begun.members(), reports, 600_999);
        assertThat(soon.rollout()).isEqualTo(rollout);
        Decision late = Decision.of(soon.rollout(), soon.members(), reports, 601_000);

        assertThat(late.rollout().state()).isEqualTo(State.PAUSED);
        assertThat(late.rollout().reason().orElseThrow().message())
                .contains("failed on 2 of 3 devices", "2 weren't done in time");
        Decision resumed =
                Decision.of(late.rollout().to(State.RUNNING).tolerating(2), late.members(), reports, 602_000);
        assertThat(resumed.rollout().phase()).as("nobody waits for them").isEqualTo(1);
    }

    @Test
    void whoeverIsDoneAfterItsTimeIsDone() {
        Rollout rollout = rollout(within(600), ALL);
        List<Member> members = List.of(member("a", 0).admit(), member("b", 1));
        Decision begun = Decision.of(rollout, members, said("a", Stand.PENDING), 0);
        Decision late = Decision.of(begun.rollout(), begun.members(), said("a", Stand.PENDING), 600_000);
        assertThat(late.members().getFirst().stand()).isEqualTo(Stand.FAILED);

        Decision done = Decision.of(late.rollout(), late.members(), said("a", Stand.DONE), 700_000);

        assertThat(done.members().getFirst()).isEqualTo(member("a", 0).admit().with(Stand.DONE));
    }

    @Test
    void whoeverWasAtItWhileNobodyLookedHasAnHourMore() {
        Rollout day = rollout(within(86_400), ALL);
        Rollout short_ = rollout(within(600), ALL);
        Member old = member("a", 0).admit().since(Optional.of(0L));
        long now = 200_000_000;

        assertThat(Decision.unjudged(old, day, now).since()).contains(now - 86_400_000 + 3_600_000);
        assertThat(Decision.unjudged(old, short_, now).since())
                .as("all of its time")
                .contains(now);
        Member lately = old.since(Optional.of(now - 1000));
        assertThat(Decision.unjudged(lately, day, now)).isEqualTo(lately);
        Member failed = old.with(Stand.FAILED);
        assertThat(Decision.unjudged(failed, day, now)).isEqualTo(failed);
    }

    @Test
    void timeStandsStillWhileADeviceWaitsForAWindow() {
        Rollout rollout = rollout(within(600), ALL);
        List<Member> members = List.of(member("a", 0).admit(), member("b", 1));
        Map<String, Report> closed = Map.of("a", new Report(NEW, Stand.PENDING, true, true, true));

        Decision waiting = Decision.of(rollout, members, closed, 0);
        Decision opened = Decision.of(waiting.rollout(), waiting.members(), said("a", Stand.PENDING), 90_000_000);
        Decision soon = Decision.of(opened.rollout(), opened.members(), said("a", Stand.PENDING), 90_599_999);
        assertThat(soon.rollout().state()).isEqualTo(State.RUNNING);

        Decision late = Decision.of(soon.rollout(), soon.members(), said("a", Stand.PENDING), 90_600_000);
        assertThat(late.rollout().state()).isEqualTo(State.PAUSED);
    }

    @Test
    void nobodyIsAdmittedWhileItCantBeReached() {
        Decision decision = Decision.of(
                rollout(ALL),
                List.of(member("a", 0), member("b", 0)),
                Map.of(
                        "a",
                        new Report(1, Stand.DONE, true, false, false),
                        "b",
                        new Report(1, Stand.DONE, false, false, false)),
                0);

        assertThat(admitted(decision)).containsExactly("a");
    }

    @Test
    void whoWaitsForAWindowTakesNobodysPlace() {
        Rollout rollout = rollout(phase(Optional.empty(), 100, 0, 0, 1));
        List<Member> members = List.of(member("a", 0).admit(), member("b", 0));

        Decision decision = Decision.of(
                rollout,
                members,
                Map.of(
                        "a",
                        new Report(NEW, Stand.PENDING, true, true, true),
                        "b",
                        new Report(1, Stand.DONE, true, false, false)),
                0);

        assertThat(admitted(decision)).containsExactlyInAnyOrder("a", "b");
        assertThat(decision.rollout().phase()).isZero();
    }

    /** When their window opens, they begin at once. */
    @Test
    void noMoreWaitForAWindowThanMayBeUpdatingAtOnce() {
        Rollout rollout = rollout(phase(Optional.empty(), 100, 0, 0, 2));
        List<Member> members =
                List.of(member("a", 0).admit(), member("b", 0), member("c", 0), member("d", 0), member("e", 0));
        Report closed = new Report(1, Stand.DONE, true, false, true);
        Report open = new Report(1, Stand.DONE, true, false, false);

        Decision decision = Decision.of(
                rollout,
                members,
                Map.of(
                        "a",
                        new Report(NEW, Stand.PENDING, true, true, true),
                        "b",
                        closed,
                        "c",
                        closed,
                        "d",
                        open,
                        "e",
                        closed),
                0);

        assertThat(admitted(decision)).containsExactlyInAnyOrder("a", "b", "d");
    }

    @Test
    void lastPhaseIsNotOverBeforeTheBudgetHasLetAllBegin() {
        Rollout rollout = rollout(phase(Optional.empty(), 50, 0, 0, 1));
        List<Member> members = List.of(member("a", 0).admit(), member("b", 0).admit(), member("c", 0), member("d", 0));

        Decision decision = Decision.of(
                rollout, members, said("a", Stand.DONE, "b", Stand.DONE, "c", Stand.PENDING, "d", Stand.PENDING), 0);

        assertThat(decision.rollout().state()).isEqualTo(State.RUNNING);
        assertThat(admitted(decision)).hasSize(3);
    }

    @Test
    void failuresThatSomebodyWentOnWithAreNotWaitedFor() {
        Rollout rollout = rollout(phase(Optional.of(50), 100, 0, 0, 0), ALL);
        List<Member> one = List.of(member("a", 0).admit(), member("c", 1));
        List<Member> two = List.of(member("a", 0).admit(), member("b", 0).admit(), member("c", 1));

        Decision alone = Decision.of(rollout.tolerating(1), one, said("a", Stand.FAILED), 0);
        Decision waiting = Decision.of(rollout.tolerating(1), two, said("a", Stand.FAILED, "b", Stand.PENDING), 0);
        Decision rest = Decision.of(rollout.tolerating(1), two, said("a", Stand.FAILED, "b", Stand.DONE), 0);

        assertThat(alone.rollout().phase()).isEqualTo(1);
        assertThat(waiting.rollout().phase()).isZero();
        assertThat(rest.rollout().phase()).isEqualTo(1);
    }

    @Test
    void phaseThatFailuresKeepFromItsSuccessIsPausedOnceNobodyIsAtItAnyMore() {
        Rollout rollout = rollout(phase(Optional.of(50), 100, 50, 0, 0), ALL);
        List<Member> members = List.of(member("a", 0).admit(), member("b", 0).admit(), member("c", 1));

        Decision still = Decision.of(rollout, members, said("a", Stand.FAILED, "b", Stand.PENDING), 0);
        assertThat(still.rollout().state()).isEqualTo(State.RUNNING);
        Decision over = Decision.of(still.rollout(), still.members(), said("b", Stand.DONE), 1);

        assertThat(over.rollout().state()).isEqualTo(State.PAUSED);
        assertThat(over.rollout().reason().map(Problem::code)).contains("rollout.success");
        Decision resumed = Decision.of(over.rollout().to(State.RUNNING).tolerating(1), over.members(), Map.of(), 2);
        assertThat(resumed.rollout().phase()).isEqualTo(1);
    }

    @Test
    void failureThatWasMadeGoodIsToleratedNoSecondTime() {
        Rollout rollout = rollout(phase(Optional.of(50), 100, 0, 0, 0), ALL).tolerating(1);
        List<Member> members = List.of(
                member("a", 0).admit().with(Stand.FAILED), member("b", 0).admit(), member("c", 1));

        Decision good = Decision.of(rollout, members, said("a", Stand.DONE, "b", Stand.PENDING), 0);
        Decision again = Decision.of(good.rollout(), good.members(), said("b", Stand.FAILED), 1);

        assertThat(again.rollout().reason().map(Problem::code)).contains("rollout.failures");
    }

    @Test
    void failuresAreMeasuredByThoseThatHaveTriedIt() {
        Rollout rollout = rollout(phase(Optional.empty(), 100, 30, 0, 2));
        List<Member> members = List.of(member("a", 0).admit(), member("b", 0).admit(), member("c", 0), member("d", 0));

        Decision decision = Decision.of(rollout, members, said("a", Stand.FAILED, "b", Stand.DONE), 0);

        assertThat(decision.rollout().reason().map(Problem::code)).contains("rollout.failures");
    }

    @Test
    void phaseThatNeedsApprovalWaitsForIt() {
        Phase approved = new Phase(Map.of(), Optional.empty(), Optional.empty(), 100, 0, 0, 0, 0, true);
        Rollout rollout = rollout(phase(Optional.of(50), 100, 0, 0, 0), approved);

        Decision waits =
                Decision.of(rollout, List.of(member("a", 0).admit(), member("b", 1)), said("a", Stand.DONE), 0);

        assertThat(waits.rollout().state()).isEqualTo(State.AWAITING_APPROVAL);
        assertThat(admitted(waits)).containsExactly("a");
    }

    @Test
    void whatADeviceSaysOfAnotherVersionDoesNotCount() {
        Decision decision = Decision.of(
                rollout(ALL),
                List.of(member("a", 0).admit()),
                Map.of("a", new Report(1, Stand.DONE, true, false, false)),
                0);

        assertThat(decision.members().getFirst().stand()).isEqualTo(Stand.PENDING);
        assertThat(decision.rollout().state()).isEqualTo(State.RUNNING);
    }

    @Test
    void phasesThatMakeNoSenseAreRefused() {
        for (Runnable wrong : List.<Runnable>of(
                () -> phase(Optional.of(0), 100, 0, 0, 0),
                () -> phase(Optional.of(101), 100, 0, 0, 0),
                () -> phase(Optional.empty(), 101, 0, 0, 0),
                () -> phase(Optional.empty(), 100, -1, 0, 0),
                () -> phase(Optional.empty(), 100, 0, -1, 0),
                () -> phase(Optional.empty(), 100, 0, 0, -1),
                () -> new RolloutPolicy(List.of(), false))) {
            assertThatThrownBy(wrong::run).isInstanceOf(ProblemException.class);
        }
    }

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

    private static Set<String> admitted(Decision decision) {
        return admitted(decision.members());
    }

    private static Set<String> admitted(List<Member> members) {
        Set<String> ids = new HashSet<>();
        members.stream().filter(Member::admitted).forEach(m -> ids.add(m.instanceId()));
        return ids;
    }

    private static Map<String, Report> said(Object... stands) {
        Map<String, Report> reports = new HashMap<>();
        for (int i = 0; i < stands.length; i += 2) {
            reports.put((String) stands[i], new Report(NEW, (Stand) stands[i + 1], true, false, false));
        }
        return reports;
    }

    private static Member member(String id, int phase) {
        return new Member(id, "n-" + id, phase, Optional.of(1L), false, Stand.PENDING, Optional.empty());
    }

    private static Phase phase(Optional<Integer> percent, int success, int failure, int soak, int atOnce) {
        return new Phase(Map.of(), percent, Optional.empty(), success, failure, soak, 0, atOnce, false);
    }

    private static Phase within(int updateSeconds) {
        return new Phase(Map.of(), Optional.of(50), Optional.empty(), 100, 0, 0, updateSeconds, 0, false);
    }

    private static Rollout rollout(Phase... phases) {
        return new Rollout(
                "r",
                "c",
                "s",
                NEW,
                Optional.of(1L),
                new RolloutPolicy(List.of(phases), false),
                State.RUNNING,
                0,
                Optional.empty(),
                0,
                Optional.empty(),
                0,
                0);
    }
}
