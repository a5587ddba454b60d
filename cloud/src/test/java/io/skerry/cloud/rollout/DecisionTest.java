package io.skerry.cloud.rollout;

import static io.skerry.cloud.rollout.Decisions.ALL;
import static io.skerry.cloud.rollout.Decisions.NEW;
import static io.skerry.cloud.rollout.Decisions.admitted;
import static io.skerry.cloud.rollout.Decisions.member;
import static io.skerry.cloud.rollout.Decisions.phase;
import static io.skerry.cloud.rollout.Decisions.rollout;
import static io.skerry.cloud.rollout.Decisions.said;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skerry.spec.Problem;
import io.skerry.spec.ProblemException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Whose turn it is, and when a roll-out goes on, waits, stops and ends. */
class DecisionTest {
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
}
