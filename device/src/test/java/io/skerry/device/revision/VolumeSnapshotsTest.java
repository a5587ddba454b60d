package io.skerry.device.revision;

import static io.skerry.device.revision.Workloads.container;
import static io.skerry.device.revision.Workloads.image;
import static io.skerry.device.revision.Workloads.keeping;
import static io.skerry.device.revision.Workloads.workload;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.skerry.spec.Problem;
import io.skerry.spec.desired.RestartPolicy;
import io.skerry.spec.status.ContainerStatus.Health;
import io.skerry.spec.status.GivenUp;
import io.skerry.spec.status.Outcome.Result;
import io.skerry.spec.status.RevisionStatus.Phase;
import io.skerry.spec.status.VolumeReports;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a volume that asks for it has after an update that fails, as the engine sees to it. */
class VolumeSnapshotsTest {
    @AutoClose
    private final EngineBench bench;

    VolumeSnapshotsTest(@TempDir Path data) {
        bench = new EngineBench(data);
    }

    @Test
    void rolledBackProgramFindsTheDataThatItKnewAndTheReportSaysSo() {
        bench.committed(workload("a", keeping(container("web", 1))));
        bench.offer(workload("a", keeping(container("web", 2, RestartPolicy.ALWAYS, 30))));
        bench.awaitPhase(Phase.ON_TRIAL);
        assertThat(bench.volumes.content("a", "data")).isEqualTo("a:1;a:2;");

        bench.containers.health("a", Health.UNHEALTHY, "HTTP 500");

        await().until(() -> bench.engine()
                .standing()
                .revision()
                .outcome()
                .flatMap(o -> o.volumes())
                .isPresent());
        var outcome = bench.awaitOutcome(2, Result.ROLLED_BACK);
        assertThat(bench.volumes.content("a", "data")).isEqualTo("a:1;a:1;");
        assertThat(outcome.volumes().orElseThrow().volumes())
                .containsExactly(
                        new VolumeReports.Report("a", "data", VolumeReports.Method.COPY, 100, 1, Optional.of(2L)));
        await().until(() -> bench.volumes.allKept().isEmpty());
    }

    @Test
    void committedProgramKeepsWhatItWroteAndTheCopyGoes() {
        bench.committed(workload("a", keeping(container("web", 1))));

        bench.offer(workload("a", keeping(container("web", 2))));

        var outcome = bench.awaitOutcome(2, Result.COMMITTED);
        assertThat(bench.volumes.content("a", "data")).isEqualTo("a:1;a:2;");
        assertThat(outcome.volumes().orElseThrow().volumes()).hasSize(1);
        await().until(() -> bench.volumes.allKept().isEmpty());
    }

    @Test
    void copyIsOfWhatTheCommittedProgramKnewAlsoWhenARevisionBetweenWasReplaced() {
        bench.committed(workload("a", keeping(container("web", 1))));
        bench.offer(workload("a", keeping(container("web", 2, RestartPolicy.ALWAYS, 30))));
        bench.awaitPhase(Phase.ON_TRIAL);
        bench.offer(workload("a", keeping(container("web", 3, RestartPolicy.ALWAYS, 30))));
        await().until(() -> bench.containers.calls.contains("start a:3"));
        bench.awaitPhase(Phase.ON_TRIAL);

        bench.containers.health("a", Health.UNHEALTHY, "");

        bench.awaitOutcome(3, Result.ROLLED_BACK);
        await().until(() -> bench.volumes.content("a", "data").equals("a:1;a:1;"));
    }

    @Test
    void programThatANewerRevisionBringsBackFindsTheDataThatItKnew() {
        bench.committed(workload("a", keeping(container("web", 1)), "b", container("db", 1)));
        bench.offer(workload("a", keeping(container("web", 2, RestartPolicy.ALWAYS, 30)), "b", container("db", 1)));
        bench.awaitPhase(Phase.ON_TRIAL);
        assertThat(bench.volumes.content("a", "data")).isEqualTo("a:1;a:2;");

        bench.offer(workload("a", keeping(container("web", 1)), "b", container("db", 2)));

        bench.awaitOutcome(3, Result.COMMITTED);
        assertThat(bench.volumes.content("a", "data")).isEqualTo("a:1;a:1;");
        await().until(() -> bench.volumes.allKept().isEmpty());
    }

    @Test
    void whatWasGivenUpIsToldAlsoWhenAnotherRevisionFollowsAtOnceAndAfterARestart() {
        bench.committed(workload("a", keeping(container("web", 1))));
        bench.offer(workload("a", keeping(container("web", 2, RestartPolicy.ALWAYS, 30))));
        bench.awaitPhase(Phase.ON_TRIAL);
        assertThat(bench.engine().standing().revision().givenUp()).isEmpty();

        bench.containers.health("a", Health.UNHEALTHY, "HTTP 500");
        bench.awaitOutcome(2, Result.ROLLED_BACK);
        bench.offer(workload("a", keeping(container("web", 3))));
        bench.awaitOutcome(3, Result.COMMITTED);

        assertThat(givenUp()).containsExactly(new GivenUp.Interval(2, "a", "data", 1, 2));
        bench.restart();
        assertThat(givenUp()).containsExactly(new GivenUp.Interval(2, "a", "data", 1, 2));
    }

    private List<GivenUp.Interval> givenUp() {
        return bench.engine()
                .standing()
                .revision()
                .givenUp()
                .orElse(GivenUp.NOTHING)
                .intervals();
    }

    @Test
    void whatIsPutBackOnlyAfterANewerRevisionWasRefusedIsToldToo() {
        bench.committed(workload("a", keeping(container("web", 1))));
        bench.offer(workload("a", keeping(container("web", 2, RestartPolicy.ALWAYS, 30))));
        bench.awaitPhase(Phase.ON_TRIAL);
        bench.volumes.full(true);
        bench.containers.health("a", Health.UNHEALTHY, "");
        await().until(() ->
                bench.engine().standing().problems().stream().map(Problem::code).anyMatch("disk.full"::equals));
        bench.images.fail(image("web3"), "image.corrupt");
        bench.offer(workload("a", keeping(container("web", 3))));
        await().until(() -> bench.engine()
                .standing()
                .revision()
                .outcome()
                .filter(o -> o.revision() == 3 && o.result() == Result.REFUSED)
                .isPresent());

        bench.volumes.full(false);
        bench.passUntil(() -> bench.containers.forms().containsKey("a"));

        await().untilAsserted(() -> assertThat(givenUp()).containsExactly(new GivenUp.Interval(2, "a", "data", 1, 2)));
        bench.restart();
        assertThat(givenUp()).containsExactly(new GivenUp.Interval(2, "a", "data", 1, 2));
        assertThat(bench.engine().standing().revision().outcome().orElseThrow().revision())
                .isEqualTo(3);
    }

    @Test
    void whatWasPutBackIsToldAlsoWhenTheVolumeIsKeptAnewForTheRevisionThatFollows() {
        bench.committed(workload("a", keeping(container("web", 1)), "b", container("db", 1)));
        bench.offer(workload("a", keeping(container("web", 2, RestartPolicy.ALWAYS, 30)), "b", container("db", 1)));
        bench.awaitPhase(Phase.ON_TRIAL);
        bench.offer(workload("a", keeping(container("web", 1)), "b", container("db", 2, RestartPolicy.ALWAYS, 30)));
        await().until(() -> bench.containers.calls.contains("start b:2"));
        bench.awaitPhase(Phase.ON_TRIAL);

        bench.offer(workload("a", keeping(container("web", 3)), "b", container("db", 1)));

        bench.awaitOutcome(4, Result.COMMITTED);
        assertThat(givenUp()).containsExactly(new GivenUp.Interval(3, "a", "data", 1, 2));
    }

    @Test
    void programIsNotStartedOnDataThatItDoesNotKnowUntilTheCopyCouldBePutBack() {
        bench.committed(workload("a", keeping(container("web", 1))));
        bench.offer(workload("a", keeping(container("web", 2, RestartPolicy.ALWAYS, 30))));
        bench.awaitPhase(Phase.ON_TRIAL);
        bench.volumes.full(true);

        bench.containers.health("a", Health.UNHEALTHY, "");
        await().until(() ->
                bench.engine().standing().problems().stream().map(Problem::code).anyMatch("disk.full"::equals));
        assertThat(bench.containers.forms()).isEmpty();

        bench.volumes.full(false);
        bench.passUntil(() -> bench.containers.forms().containsKey("a"));
        assertThat(bench.volumes.content("a", "data")).isEqualTo("a:1;a:1;");
    }
}
