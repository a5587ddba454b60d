package io.skerry.device.revision;

import static io.skerry.device.revision.Workloads.by;
import static io.skerry.device.revision.Workloads.container;
import static io.skerry.device.revision.Workloads.inGroup;
import static io.skerry.device.revision.Workloads.ruled;
import static io.skerry.device.revision.Workloads.workload;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.skerry.spec.desired.Goal;
import io.skerry.spec.desired.Group;
import io.skerry.spec.desired.Groups;
import io.skerry.spec.desired.RestartScope;
import io.skerry.spec.desired.UpdateRules;
import io.skerry.spec.desired.UpdateRules.Strategy;
import io.skerry.spec.desired.Workload;
import io.skerry.spec.status.ContainerStatus.Health;
import io.skerry.spec.status.Outcome.Result;
import io.skerry.spec.status.RevisionStatus.Phase;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Locks, hooks, overlaps and groups: what an update goes by, as the engine keeps to it. */
class UpdateRulesTest {
    @AutoClose
    private final EngineBench bench;

    UpdateRulesTest(@TempDir Path data) {
        bench = new EngineBench(data);
    }

    @Test
    void lockPutsAnUpdateOffUntilItIsLetGo() {
        bench.committed(workload("a", container("web", 1)));
        bench.containers.locked.add("a");

        bench.offer(workload("a", container("web", 2)));
        bench.awaitPhase(Phase.PUT_OFF);
        bench.pass(10);
        bench.settle();
        assertThat(bench.containers.calls).containsExactly("start a:1");
        assertThat(bench.engine().standing().revision().step())
                .contains("wait while a holds its update lock, at most 600 s");

        bench.containers.locked.clear();
        bench.passUntil(() -> bench.engine().standing().revision().current() == 2);
    }

    @Test
    void lockThatIsNeverLetGoPutsAnUpdateOffNoLongerThanItsLimit() {
        bench.committed(workload("a", container("web", 1)));
        bench.containers.locked.add("a");
        bench.offer(workload("a", container("web", 2)));
        bench.awaitPhase(Phase.PUT_OFF);

        bench.passUntil(() -> bench.engine().standing().revision().current() == 2);

        bench.awaitOutcome(2, Result.COMMITTED);
    }

    @Test
    void newerVersionsDontBeginTheLimitOfALockAnew() {
        bench.committed(workload("a", container("web", 1)));
        bench.containers.locked.add("a");
        for (int version = 2; version < 15; version++) {
            bench.offer(workload("a", container("web", version)));
            bench.awaitPhase(Phase.PUT_OFF);
            bench.pass(45);
            bench.settle();
        }

        // 585 of its 600 seconds are over.
        bench.offer(workload("a", container("web", 15)));
        bench.awaitPhase(Phase.PUT_OFF);
        bench.pass(20);

        bench.passUntil(() -> bench.containers.calls.contains("start a:15"));
    }

    @Test
    void daemonThatDiesDoesNotBeginTheLimitOfALockAnew() {
        bench.committed(workload("a", container("web", 1)));
        bench.containers.locked.add("a");
        bench.offer(workload("a", container("web", 2)));
        bench.awaitPutOff();
        bench.pass(540);
        bench.awaitWaited("a", 540);

        bench.restart();
        bench.awaitPutOff();
        bench.pass(50);
        bench.settle();
        assertThat(bench.containers.calls).containsExactly("start a:1");
        bench.pass(10);

        bench.awaitOutcome(2, Result.COMMITTED);
        bench.awaitNothingWaited();
    }

    @Test
    void timeBetweenTwoDaemonsIsNotWaited() {
        bench.committed(workload("a", container("web", 1)));
        bench.containers.locked.add("a");
        bench.offer(workload("a", container("web", 2)));
        bench.awaitPutOff();
        bench.pass(540);
        bench.awaitWaited("a", 540);

        bench.engine().close();
        bench.pass(3600);
        bench.start();

        bench.awaitPutOff();
        bench.settle();
        assertThat(bench.containers.calls).containsExactly("start a:1");
    }

    @Test
    void lockThatWasLetGoBeginsItsLimitAnew() {
        bench.committed(workload("a", container("web", 1), "b", container("db", 1)));
        bench.containers.locked.add("a");
        bench.containers.locked.add("b");
        bench.offer(workload("a", container("web", 2), "b", container("db", 2)));
        bench.awaitPutOff();
        bench.pass(540);
        bench.awaitWaited("b", 540);
        bench.containers.locked.remove("b");
        bench.containers.changed();
        bench.awaitNothingWaited();

        bench.containers.locked.add("b");
        bench.restart();
        bench.awaitPutOff();
        bench.pass(590);
        bench.settle();

        assertThat(bench.containers.calls).containsExactly("start a:1", "start b:1");
    }

    @Test
    void updateThatIsCalledOffTakesWhatItWaitedAlong() {
        bench.committed(workload("a", container("web", 1)));
        bench.containers.locked.add("a");
        bench.offer(workload("a", container("web", 2)));
        bench.awaitPutOff();
        bench.pass(540);
        bench.awaitWaited("a", 540);

        bench.offer(workload("a", container("web", 1)));

        bench.awaitNothingWaited();
    }

    @Test
    void diskThatDoesNotTakeWhatWasWaitedKeepsNoUpdateFromComing() {
        bench.committed(workload("a", container("web", 1)));
        bench.containers.locked.add("a");
        bench.spoilLockWaits();
        bench.offer(workload("a", container("web", 2)));

        bench.passUntil(() -> bench.engine().standing().revision().current() == 2);
    }

    @Test
    void daemonThatDiesWhileAnUpdateIsPutOffIsNoFailureOfIt() {
        bench.committed(workload("a", container("web", 1)));
        bench.containers.locked.add("a");
        bench.offer(workload("a", container("web", 2)));
        for (int i = 0; i < 2 * Resumption.ATTEMPTS; i++) {
            bench.awaitPhase(Phase.PUT_OFF);
            bench.restart();
        }
        bench.awaitPhase(Phase.PUT_OFF);

        bench.containers.locked.clear();

        bench.passUntil(() -> bench.engine().standing().revision().current() == 2);
    }

    @Test
    void newerWorkloadReplacesOneThatALockPutsOff() {
        bench.committed(workload("a", container("web", 1), "b", container("db", 1)));
        bench.containers.locked.add("a");
        bench.offer(workload("a", container("web", 2), "b", container("db", 1)));
        bench.awaitPhase(Phase.PUT_OFF);

        bench.offer(workload("a", container("web", 1), "b", container("db", 2)));

        bench.awaitOutcome(3, Result.COMMITTED);
        assertThat(bench.containers.calls).noneMatch("start a:2"::equals);
    }

    @Test
    void newerWorkloadReplacesOneThatIsStuckInAHookBeforeAnythingWasTouched() {
        bench.committed(workload("a", ruled(container("web", 1), hooks("save", "look"))));
        bench.containers.holdHook("save");
        bench.offer(workload("a", ruled(container("web", 2), hooks("save", "look"))));
        await().until(() -> bench.containers.hooks.contains("a: save"));

        bench.offer(workload("a", ruled(container("web", 3), hooks("save", "look"))));

        bench.awaitOutcome(3, Result.COMMITTED);
        assertThat(bench.containers.hooks).containsExactly("a: save", "a: save was ended", "a: save", "a: look");
        assertThat(bench.containers.calls).containsExactly("start a:1", "stop a", "start a:3");
    }

    @Test
    void newerWorkloadReplacesOneThatIsStuckInAHookAfterTheSwitch() {
        bench.committed(workload("a", ruled(container("web", 1), hooks("save", "look"))));
        bench.containers.holdHook("look");
        bench.offer(workload("a", ruled(container("web", 2), hooks("save", "look"))));
        await().until(() -> bench.containers.hooks.contains("a: look"));

        bench.offer(workload("a", ruled(container("web", 3), hooks("save", "look"))));

        bench.awaitOutcome(3, Result.COMMITTED);
        assertThat(bench.containers.hooks).startsWith("a: save", "a: look", "a: look was ended");
        assertThat(bench.containers.calls).endsWith("start a:2", "stop a", "start a:3");
    }

    @Test
    void newerWorkloadReplacesOneThatIsStuckInAHandOver() {
        var rules =
                new UpdateRules(Strategy.HAND_OVER, Optional.empty(), Optional.empty(), Optional.of(hook("give")), 0);
        bench.committed(workload("a", ruled(container("web", 1), rules)));
        bench.containers.holdHook("give");
        bench.offer(workload("a", ruled(container("web", 2), rules)));
        await().until(() -> bench.containers.hooks.contains("a: give"));

        bench.offer(workload("a", ruled(container("web", 3), rules)));

        bench.awaitOutcome(3, Result.COMMITTED);
        assertThat(bench.containers.hooks).containsExactly("a: give", "a: give was ended", "a: give");
        assertThat(bench.containers.calls)
                .containsExactly("start a:1", "start a:2 beside", "stop a beside", "start a:3 beside", "stop a");
    }

    @Test
    void updateThatIsCalledOffAmidAHookEndsItAndSaysThatItIsOver() {
        bench.committed(workload("a", ruled(container("web", 1), hooks("save", "look"))));
        bench.containers.holdHook("save");
        bench.offer(workload("a", ruled(container("web", 2), hooks("save", "look"))));
        await().until(() -> bench.containers.hooks.contains("a: save"));

        bench.offer(workload("a", ruled(container("web", 1), hooks("save", "look"))));

        bench.awaitOutcome(2, Result.SUPERSEDED);
        await().until(() -> bench.containers.hooks.equals(List.of("a: save", "a: save was ended", "a: look")));
        assertThat(bench.containers.calls).containsExactly("start a:1");
    }

    @Test
    void daemonThatIsToldToEndAmidAHookEndsItAndTheNextBeginsItAgain() {
        bench.committed(workload("a", ruled(container("web", 1), hooks("save", "look"))));
        bench.containers.holdHook("save");
        bench.offer(workload("a", ruled(container("web", 2), hooks("save", "look"))));
        await().until(() -> bench.containers.hooks.contains("a: save"));

        bench.restartInOrder();

        bench.awaitOutcome(2, Result.COMMITTED);
        assertThat(bench.containers.hooks).containsExactly("a: save", "a: save was ended", "a: save", "a: look");
    }

    @Test
    void preUpdateHookThatFailsRefusesTheUpdateWithNothingTouched() {
        bench.committed(workload("a", ruled(container("web", 1), hooks("save", "look"))));
        bench.containers.failHook("save");

        bench.offer(workload("a", ruled(container("web", 2), hooks("save", "look"))));

        var reason = bench.awaitOutcome(2, Result.REFUSED).reason().orElseThrow();
        assertThat(reason.container()).isEqualTo("a");
        assertThat(reason.problem().code()).isEqualTo("hook.failed");
        assertThat(bench.containers.calls).containsExactly("start a:1");
    }

    @Test
    void preUpdateHookThatTheNewVersionHasNoMoreCantRefuseIt() {
        bench.committed(workload("a", ruled(container("web", 1), hooks("save", "look"))));
        bench.containers.failHook("save");

        bench.offer(workload("a", ruled(container("web", 2), hooks("store", "look"))));

        bench.awaitOutcome(2, Result.COMMITTED);
        assertThat(bench.containers.hooks).containsExactly("a: save", "a: look");
    }

    @Test
    void preUpdateHookOfAContainerThatIsRemovedCantRefuseThat() {
        bench.committed(workload("a", ruled(container("web", 1), hooks("save", "look")), "b", container("db", 1)));
        bench.containers.failHook("save");

        bench.offer(workload("b", container("db", 1)));

        bench.awaitOutcome(2, Result.COMMITTED);
    }

    @Test
    void versionThatEndedIsReplacedWithoutAskingIt() {
        bench.committed(workload("a", ruled(container("web", 1), hooks("save", "look"))));
        bench.containers.failHook("save");
        bench.containers.givenUp("a", 1);

        bench.offer(workload("a", ruled(container("web", 2), hooks("save", "look"))));

        bench.passUntil(() -> bench.engine().standing().revision().current() == 2);
        assertThat(bench.containers.hooks).containsExactly("a: look");
    }

    @Test
    void whatWasPreparedForAnUpdateThatAnotherRefusedIsToldThatItIsOver() {
        bench.committed(workload(
                "a", ruled(container("web", 1), hooks("ask", "go")),
                "b", ruled(container("db", 1), hooks("save", "look"))));
        bench.containers.failHook("ask");

        bench.offer(workload(
                "a", ruled(container("web", 2), hooks("ask", "go")),
                "b", ruled(container("db", 2), hooks("save", "look"))));

        // What didn't refuse is tried again by itself.
        bench.awaitOutcome(3, Result.COMMITTED);
        assertThat(bench.containers.hooks).containsExactly("b: save", "a: ask", "b: look", "b: save", "b: look");
    }

    @Test
    void postUpdateHookThatFailsTakesTheUpdateBack() {
        bench.committed(workload("a", ruled(container("web", 1), hooks("save", "look"))));
        bench.containers.failHook("look");

        bench.offer(workload("a", ruled(container("web", 2), hooks("save", "look"))));

        bench.awaitOutcome(2, Result.ROLLED_BACK);
        assertThat(bench.containers.hooks).containsExactly("a: save", "a: look");
        assertThat(bench.containers.calls).endsWith("start a:2", "stop a", "start a:1");
    }

    @Test
    void newOneThatFailsBesideTheOldOneCostsTheOldOneNothing() {
        var groups = Optional.of(new Groups(List.of(new Group("app", Goal.READY, 20, RestartScope.CONTAINER))));
        bench.committed(new Workload(Map.of("a", by(Strategy.START_THEN_STOP, container("web", 1))), groups));
        bench.containers.startsAs("a:2", Health.STARTING);
        bench.offer(new Workload(Map.of("a", by(Strategy.START_THEN_STOP, container("web", 2))), groups));
        await().until(() -> bench.containers.calls.contains("start a:2 beside"));

        bench.containers.besideHealth("a", Health.UNHEALTHY);

        assertThat(bench.awaitOutcome(2, Result.ROLLED_BACK)
                        .reason()
                        .orElseThrow()
                        .problem()
                        .code())
                .isEqualTo("container.unhealthy");
        assertThat(bench.containers.calls).containsExactly("start a:1", "start a:2 beside", "stop a beside");
    }

    @Test
    void oldOneIsToldBeforeItIsReplaced() {
        var rules =
                new UpdateRules(Strategy.HAND_OVER, Optional.empty(), Optional.empty(), Optional.of(hook("give")), 0);
        bench.committed(workload("a", ruled(container("web", 1), rules)));

        bench.offer(workload("a", ruled(container("web", 2), rules)));

        bench.awaitOutcome(2, Result.COMMITTED);
        assertThat(bench.containers.hooks).containsExactly("a: give");
        assertThat(bench.containers.calls).containsExactly("start a:1", "start a:2 beside", "stop a");
    }

    @Test
    void daemonKilledAmidAnOverlapFinishesIt() {
        bench.committed(workload("a", by(Strategy.START_THEN_STOP, container("web", 1))));
        bench.containers.startsAs("a:2", Health.STARTING);
        var groups = Optional.of(new Groups(List.of(new Group("app", Goal.READY, 20, RestartScope.CONTAINER))));
        bench.offer(new Workload(Map.of("a", by(Strategy.START_THEN_STOP, container("web", 2))), groups));
        await().until(() -> bench.containers.calls.contains("start a:2 beside"));

        bench.restart();
        bench.containers.besideHealth("a", Health.HEALTHY);

        bench.awaitOutcome(2, Result.COMMITTED);
        assertThat(bench.containers.calls).containsExactly("start a:1", "start a:2 beside", "stop a");
    }

    @Test
    void groupThatDoesNotReachItsGoalInTimeTakesTheUpdateBack() {
        var groups = Optional.of(new Groups(List.of(new Group("app", Goal.READY, 20, RestartScope.CONTAINER))));
        bench.committed(new Workload(Map.of("a", container("web", 1)), groups));
        bench.containers.startsAs("a:2", Health.STARTING);
        bench.offer(new Workload(Map.of("a", container("web", 2)), groups));
        bench.awaitPhase(Phase.SWITCHING);
        await().until(() -> bench.containers.calls.contains("start a:2"));

        bench.passUntil(() -> bench.engine()
                .standing()
                .revision()
                .outcome()
                .filter(o -> o.result() == Result.ROLLED_BACK)
                .isPresent());

        var reason = bench.awaitOutcome(2, Result.ROLLED_BACK).reason().orElseThrow();
        assertThat(reason.problem().code()).isEqualTo("group.goal-not-reached");
        assertThat(reason.problem().message()).contains("READY", "20 seconds");
    }

    @Test
    void newVersionThatCrashesOnItsWayToItsGoalIsToldAsOneThatCrashed() {
        var groups = Optional.of(new Groups(List.of(new Group("app", Goal.READY, 600, RestartScope.CONTAINER))));
        bench.committed(new Workload(Map.of("a", container("web", 1)), groups));
        bench.containers.startsAs("a:2", Health.STARTING);
        bench.offer(new Workload(Map.of("a", container("web", 2)), groups));
        await().until(() -> bench.containers.calls.contains("start a:2"));

        // More than once, for the first may have been before anybody counted.
        var restarts = new AtomicInteger();
        await().until(() -> {
            bench.containers.crashed("a", restarts.addAndGet(3), 7);
            return bench.engine()
                    .standing()
                    .revision()
                    .outcome()
                    .filter(o -> o.result() == Result.ROLLED_BACK)
                    .isPresent();
        });

        assertThat(bench.awaitOutcome(2, Result.ROLLED_BACK)
                        .reason()
                        .orElseThrow()
                        .problem()
                        .message())
                .contains("ended with exit code 7", "was started again");
    }

    @Test
    void afterABootAGroupThatIsLateDoesNotKeepTheNextFromStarting() {
        var groups = Optional.of(new Groups(List.of(
                new Group("first", Goal.READY, 20, RestartScope.CONTAINER),
                new Group("second", Goal.STARTED, 20, RestartScope.CONTAINER))));
        bench.committed(new Workload(
                Map.of("a", inGroup("first", container("db", 1)), "b", inGroup("second", container("web", 1))),
                groups));
        bench.containers.startsAs("a:1", Health.STARTING);

        bench.reboot();
        await().until(() -> bench.containers.forms().containsKey("a"));
        assertThat(bench.containers.forms()).doesNotContainKey("b");

        bench.passUntil(() -> bench.containers.forms().containsKey("b"));
    }

    private static UpdateRules hooks(String pre, String post) {
        return new UpdateRules(
                Strategy.STOP_THEN_START, Optional.of(hook(pre)), Optional.of(hook(post)), Optional.empty(), 0);
    }

    private static UpdateRules.Hook hook(String command) {
        return new UpdateRules.Hook(List.of(command), 5);
    }
}
