package io.skerry.device.revision;

import static io.skerry.device.revision.Workloads.checked;
import static io.skerry.device.revision.Workloads.container;
import static io.skerry.device.revision.Workloads.image;
import static io.skerry.device.revision.Workloads.workload;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.skerry.spec.Problem;
import io.skerry.spec.desired.Workload;
import io.skerry.spec.status.ContainerStatus.Cause;
import io.skerry.spec.status.ContainerStatus.Health;
import io.skerry.spec.status.Outcome;
import io.skerry.spec.status.Outcome.Result;
import io.skerry.spec.status.RevisionStatus.Phase;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DamagedImagesTest {
    private static final Workload RUNNING = workload("a", container("web", 1));

    @AutoClose
    private final EngineBench bench;

    DamagedImagesTest(@TempDir Path data) {
        bench = new EngineBench(data);
    }

    @Test
    void aDamagedImageOfACommittedContainerThatKeepsFailingIsFetchedAgain() {
        bench.committed(RUNNING);
        bench.images.rot(image("web1"));
        bench.images.fail(image("web1"), "registry.unreachable");

        bench.containers.crashed("a", 2, 139);

        await().until(() -> problems().contains("disk.damaged"));
        assertThat(bench.containers.forms())
                .as("it is tried with what there is")
                .containsKey("a");
        bench.images.mend(image("web1"));
        bench.passUntil(() -> bench.images.isSound(image("web1")));
        await().until(() -> !problems().contains("disk.damaged"));
        assertThat(bench.containers.calls).containsExactly("start a:1");
    }

    @Test
    void whatIsFoundToBeDamagedIsFetchedByTheNextDaemonToo() {
        bench.committed(RUNNING);
        bench.images.rot(image("web1"));
        bench.images.fail(image("web1"), "registry.unreachable");
        bench.containers.crashed("a", 2, 139);
        await().until(() -> problems().contains("disk.damaged"));

        bench.reboot();

        await().until(() -> bench.containers.forms().containsKey("a"));
        assertThat(problems()).contains("disk.damaged");
        bench.images.mend(image("web1"));
        bench.passUntil(() -> bench.images.isSound(image("web1")));
    }

    @Test
    void aDamagedImageKeepsNoOtherContainerFromBeingUpdated() {
        bench.committed(workload("a", container("web", 1), "b", container("db", 1)));
        bench.images.rot(image("web1"));
        bench.images.fail(image("web1"), "registry.unreachable");
        bench.containers.crashed("a", 2, 139);
        await().until(() -> problems().contains("disk.damaged"));

        bench.offer(workload("a", container("web", 1), "b", container("db", 2)));

        bench.awaitOutcome(2, Result.COMMITTED);
        assertThat(bench.containers.calls).filteredOn(c -> c.contains(" a")).containsExactly("start a:1");
    }

    @Test
    void oneEndOfAContainerIsNoReasonToReadItsImage() {
        bench.committed(RUNNING);

        bench.containers.crashed("a", 1, 1);
        bench.settle();

        assertThat(bench.images.inspected).isEmpty();
    }

    @Test
    void theImageOfAContainerThatIsGivenUpIsLookedAtOnce() {
        bench.committed(RUNNING);

        bench.containers.givenUp("a", 1);
        await().until(() -> !bench.images.inspected.isEmpty());
        bench.settle();

        assertThat(bench.images.inspected).containsExactly(image("web1"));
    }

    @Test
    void theLongerASoundImagesContainerFailsTheLessOftenItIsLookedAt() {
        bench.committed(RUNNING);

        for (int restarts = 1; restarts <= 17; restarts++) {
            bench.containers.crashed("a", restarts, 1);
            bench.settle();
        }

        assertThat(bench.images.inspected).hasSize(4);
        assertThat(bench.images.fetched).containsExactly(image("web1"));
    }

    @Test
    void anUpdateThatFailedWithADamagedImageIsTriedAgainWithTheSameContent() {
        bench.committed(workload("a", checked("web", 1, 30)), 31);
        bench.containers.ill = bench.images::isSpoilt;
        bench.images.rot(image("web2"));

        bench.offer(workload("a", checked("web", 2, 30)));

        bench.passUntil(() -> bench.engine().standing().revision().current() == 3);
        assertThat(bench.containers.calls).containsSubsequence("start a:2", "start a:1", "start a:2");
    }

    @Test
    void anUpdateThatCouldNotBeStartedForADamagedImageIsTriedAgainToo() {
        bench.committed(RUNNING);
        bench.containers.broken = bench.images::isSpoilt;
        bench.images.rot(image("web2"));

        bench.offer(workload("a", container("web", 2)));

        bench.passUntil(() -> bench.engine().standing().revision().current() == 3);
        assertThat(bench.images.fetched).containsExactly(image("web1"), image("web2"), image("web2"));
    }

    @Test
    void anUpdateThatFailsWithASoundImageIsNotTriedAgain() {
        bench.committed(workload("a", checked("web", 1, 30)), 31);
        bench.containers.startsAs("a:2", Health.UNHEALTHY);

        bench.offer(workload("a", checked("web", 2, 30)));

        Outcome outcome = bench.awaitOutcome(2, Result.ROLLED_BACK);
        await().until(() -> bench.images.inspected.equals(List.of(image("web2"))));
        bench.settle();
        assertThat(outcome.reason().orElseThrow().problem().code()).isEqualTo("container.unhealthy");
        assertThat(bench.images.fetched).containsExactly(image("web1"), image("web2"));
    }

    @Test
    void anUpdateThatRunsOutOfMemoryIsNoReasonToReadItsImage() {
        bench.committed(workload("a", checked("web", 1, 30)), 31);
        bench.offer(workload("a", checked("web", 2, 30)));
        bench.awaitPhase(Phase.ON_TRIAL);

        bench.containers.ended("a", 137, Cause.OUT_OF_MEMORY);

        bench.awaitOutcome(2, Result.ROLLED_BACK);
        bench.settle();
        assertThat(bench.images.inspected).isEmpty();
    }

    @Test
    void whatADiskLosesAgainAndAgainIsNotFetchedForEver() {
        bench.committed(RUNNING);

        for (int restarts = 2, times = 0; times < 8; restarts *= 2, times++) {
            bench.images.rot(image("web1"));
            bench.containers.crashed("a", restarts, 139);
            bench.settle();
            bench.passUntil(() -> bench.images.isSound(image("web1")));
        }

        assertThat(bench.images.fetched)
                .as("the first time, and so often again")
                .hasSize(1 + 5);
    }

    private List<String> problems() {
        return bench.engine().standing().problems().stream().map(Problem::code).toList();
    }
}
