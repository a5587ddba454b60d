package io.skerry.device.revision;

import static io.skerry.device.revision.Workloads.container;
import static io.skerry.device.revision.Workloads.image;
import static io.skerry.device.revision.Workloads.inGroup;
import static io.skerry.device.revision.Workloads.recovering;
import static io.skerry.device.revision.Workloads.workload;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.skerry.spec.desired.Recovery;
import io.skerry.spec.desired.RestartPolicy;
import io.skerry.spec.status.ContainerStatus.Health;
import io.skerry.spec.status.HeldBack;
import io.skerry.spec.status.Outcome.Result;
import io.skerry.spec.status.RevisionStatus.Phase;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Updates that take a reboot, recovery by reboots, and what goes on when there is no room for all. */
class RebootsAndRoomTest {
    @AutoClose
    private final EngineBench bench;

    RebootsAndRoomTest(@TempDir Path data) {
        bench = new EngineBench(data);
    }

    @Test
    void systemContainerIsUpdatedByARebootAndCommittedAfterIt() {
        bench.committed(workload("a", container("web", 1)));
        bench.offer(workload("a", container("web", 1), "r", inGroup("root", container("net", 1))));
        bench.awaitPhase(Phase.REBOOTING);
        await().until(() -> !bench.machine.reboots.isEmpty());

        bench.reboot();

        bench.awaitOutcome(2, Result.COMMITTED);
        assertThat(bench.containers.forms()).containsOnlyKeys("a", "r");
        assertThat(bench.machine.reboots).hasSize(1);
    }

    @Test
    void systemContainerThatFailsIsTakenBackByARebootToo() {
        bench.committed(workload("a", container("web", 1)));
        bench.containers.startsAs("r:1", Health.UNHEALTHY);
        bench.offer(workload("a", container("web", 1), "r", inGroup("root", container("net", 1))));
        await().until(() -> bench.machine.reboots.size() == 1);

        bench.reboot();
        await().until(() -> bench.machine.reboots.size() == 2);
        bench.reboot();

        bench.awaitOutcome(2, Result.ROLLED_BACK);
        await().until(() -> bench.containers.forms().keySet().equals(java.util.Set.of("a")));
        bench.settle();
        assertThat(bench.machine.reboots).hasSize(2);
    }

    @Test
    void whatChangesWithARebootThatDoesntHappenKeepsNothingElseWaitingAndIsTriedAgain() {
        bench.committed(workload("a", container("web", 1)));
        bench.offer(workload("a", container("web", 2), "r", inGroup("root", container("net", 1))));
        await().until(() -> bench.machine.reboots.size() == 1);

        bench.passUntil(() ->
                bench.containers.forms().getOrDefault("a", container("web", 1)).equals(container("web", 2)));

        assertThat(bench.containers.forms()).containsOnlyKeys("a");
        assertThat(bench.engine().standing().revision().heldBack())
                .singleElement()
                .satisfies(h -> assertThat(h.reason().problem().code()).isEqualTo("device.reboot-failed"));
        bench.passUntil(() -> bench.machine.reboots.size() == 2);
        bench.reboot();
        await().until(() -> bench.containers.forms().containsKey("r"));
    }

    @Test
    void rebootThatThePlanAskedForIsNoFailedAttempt() {
        bench.committed(workload("a", container("web", 1)));
        bench.offer(workload(
                "a", container("web", 1), "r", inGroup("root", container("net", 1, RestartPolicy.ALWAYS, 30))));
        await().until(() -> bench.machine.reboots.size() == 1);
        bench.reboot();
        for (int i = 1; i < Resumption.ATTEMPTS; i++) {
            bench.awaitPhase(Phase.ON_TRIAL);
            bench.restart();
        }
        bench.awaitPhase(Phase.ON_TRIAL);

        bench.passUntil(() -> bench.engine().standing().revision().current() == 2);

        bench.awaitOutcome(2, Result.COMMITTED);
    }

    @Test
    void whatThereIsRoomForGoesOnWithoutWhatDoesNotFit() {
        bench.committed(workload("a", container("web", 1)));
        bench.images.tooLarge(image("map1"));

        bench.offer(workload("a", container("web", 2), "b", container("map", 1)));

        await().until(() -> bench.engine().standing().revision().current() > 1);
        assertThat(bench.containers.forms())
                .isEqualTo(workload("a", container("web", 2)).containers());
        assertThat(bench.engine().standing().revision().heldBack())
                .extracting(HeldBack::name)
                .containsExactly("b");

        bench.images.mend(image("map1"));
        bench.passUntil(() -> bench.containers.forms().containsKey("b"));
        await().until(() -> bench.engine().standing().revision().heldBack().isEmpty());
    }

    @Test
    void roomIsMadeOfWhatNothingNeedsAndTheCurrentAndThePreviousRevisionStay() {
        bench.committed(workload("a", container("web", 1)));
        bench.offer(workload("a", container("web", 2)));
        bench.awaitOutcome(2, Result.COMMITTED);
        bench.settle();
        bench.images.litter(image("old"));
        bench.images.room = 3;

        bench.offer(workload("a", container("web", 3, RestartPolicy.ALWAYS, 30)));
        bench.awaitPhase(Phase.ON_TRIAL);

        assertThat(bench.images.has(image("old"))).isFalse();
        assertThat(List.of("web1", "web2", "web3")).allMatch(i -> bench.images.has(image(i)));
    }

    @Test
    void whatNeedsMoreRoomThanCanBeMadeTakesNothingFromTheCurrentAndThePreviousRevision() {
        bench.committed(workload("a", container("web", 1)));
        bench.offer(workload("a", container("web", 2)));
        bench.awaitOutcome(2, Result.COMMITTED);
        bench.settle();
        bench.images.litter(image("old"));
        bench.images.room = 2;

        bench.offer(workload("a", container("web", 3)));
        await().until(() -> !bench.images.has(image("old")));
        bench.passUntil(() -> bench.engine().standing().problems().stream()
                .anyMatch(p -> p.code().equals("disk.full")));

        assertThat(List.of("web1", "web2")).allMatch(i -> bench.images.has(image(i)));
        assertThat(bench.containers.calls).endsWith("start a:2");
    }

    @Test
    void containerThatUsedUpItsRetriesHasTheDeviceRebootedEachTimeAfterALongerWait() {
        var recovery = new Recovery(2, 1, 2, 60, 60, Recovery.Exhausted.REBOOT, 0);
        bench.committed(workload("a", recovering(container("web", 1), recovery)));

        bench.containers.givenUp("a", 7);
        await().until(() -> bench.machine.reboots.size() == 1);
        bench.reboot();
        await().until(() -> bench.containers.forms().containsKey("a"));
        bench.containers.givenUp("a", 7);
        bench.settle();
        assertThat(bench.machine.reboots).hasSize(1);

        bench.passUntil(() -> bench.machine.reboots.size() == 2);
    }

    @Test
    void revisionThatIsGivenUpTellsAmidWhichStepTheDeviceWentDown() {
        bench.committed(workload("a", container("web", 1)));
        bench.offer(workload("a", container("web", 2, RestartPolicy.ALWAYS, 30)));
        for (int i = 1; i <= Resumption.ATTEMPTS; i++) {
            bench.awaitPhase(Phase.ON_TRIAL);
            bench.restart();
        }

        assertThat(bench.awaitOutcome(2, Result.ROLLED_BACK)
                        .reason()
                        .orElseThrow()
                        .problem()
                        .message())
                .contains("amid 'watch a through their probation'");
    }
}
