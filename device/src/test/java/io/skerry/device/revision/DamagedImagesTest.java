package io.skerry.device.revision;

import static io.skerry.device.revision.Workloads.checked;
import static io.skerry.device.revision.Workloads.container;
import static io.skerry.device.revision.Workloads.image;
import static io.skerry.device.revision.Workloads.workload;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.skerry.spec.Problem;
import io.skerry.spec.desired.Workload;
import io.skerry.spec.status.ContainerStatus.Health;
import io.skerry.spec.status.Outcome;
import io.skerry.spec.status.Outcome.Result;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DamagedImagesTest {
    private static final Workload RUNNING = workload("a", container("web", 1));

    @TempDir
    Path data;

    private EngineBench bench = new EngineBench(Path.of("/"));

    @BeforeEach
    void open() {
        bench = new EngineBench(data);
    }

    @AfterEach
    void close() {
        bench.close();
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
    void whatIsFoundToBeDamagedIsStillFetchedByTheNextDaemon() {
        bench.committed(RUNNING);
        bench.images.rot(image("web1"));
        bench.images.fail(image("web1"), "registry.unreachable");
        bench.containers.crashed("a", 2, 139);
        await().until(() -> problems().contains("disk.damaged"));
        bench.images.mend(image("web1"));

        bench.reboot();

        bench.passUntil(() -> bench.images.isSound(image("web1")));
        assertThat(bench.containers.forms()).containsKey("a");
    }

    @Test
    void oneEndOfAContainerIsNoReasonToReadItsImage() {
        bench.committed(RUNNING);

        bench.containers.crashed("a", 1, 1);
        bench.settle();

        assertThat(bench.images.inspected).isEmpty();
    }

    @Test
    void theLongerASoundImagesContainerFailsTheLessOftenItIsLookedAt() {
        bench.committed(RUNNING);

        for (int restarts = 1; restarts <= 17; restarts++) {
            int looks = restarts < 2 ? 0 : restarts < 4 ? 1 : restarts < 8 ? 2 : restarts < 16 ? 3 : 4;
            bench.containers.crashed("a", restarts, 1);
            await().until(() -> bench.images.inspected.size() == looks);
        }

        assertThat(bench.images.fetched).containsExactly(image("web1"));
    }

    @Test
    void anUpdateThatFailsWithADamagedImageIsTriedAgainWithTheSameContent() {
        bench.committed(workload("a", checked("web", 1, 30)), 31);
        bench.containers.startsAs("a:2", Health.UNHEALTHY);
        bench.images.rot(image("web2"));

        bench.offer(workload("a", checked("web", 2, 30)));

        Outcome outcome = bench.awaitOutcome(2, Result.ROLLED_BACK);
        assertThat(outcome.reason().orElseThrow().problem().code()).isEqualTo("disk.damaged");
        assertThat(outcome.reason().orElseThrow().problem().sentence())
                .contains("health check")
                .contains("disk has lost");
        bench.containers.startsAs("a:2", Health.HEALTHY);
        bench.passUntil(() -> bench.engine().standing().revision().current() == 3);
        assertThat(bench.images.fetched).containsExactly(image("web1"), image("web2"), image("web2"));
    }

    @Test
    void anUpdateThatCantBeStartedForADamagedImageIsTriedAgainToo() {
        bench.committed(RUNNING);
        bench.containers.unstartable("a:2", "its program isn't there");
        bench.images.rot(image("web2"));

        bench.offer(workload("a", container("web", 2)));

        Outcome outcome = bench.awaitOutcome(2, Result.ROLLED_BACK);
        assertThat(outcome.reason().orElseThrow().problem().code()).isEqualTo("disk.damaged");
        bench.containers.startable("a:2");
        bench.passUntil(() -> bench.engine().standing().revision().current() == 3);
    }

    @Test
    void anUpdateThatFailsWithASoundImageIsNotTriedAgain() {
        bench.committed(workload("a", checked("web", 1, 30)), 31);
        bench.containers.startsAs("a:2", Health.UNHEALTHY);

        bench.offer(workload("a", checked("web", 2, 30)));

        Outcome outcome = bench.awaitOutcome(2, Result.ROLLED_BACK);
        assertThat(outcome.reason().orElseThrow().problem().code()).isEqualTo("container.unhealthy");
        assertThat(bench.images.inspected).containsExactly(image("web2"));
    }

    private List<String> problems() {
        return bench.engine().standing().problems().stream().map(Problem::code).toList();
    }
}
