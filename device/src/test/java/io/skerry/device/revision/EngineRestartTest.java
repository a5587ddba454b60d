package io.skerry.device.revision;

import static io.skerry.device.revision.Workloads.checked;
import static io.skerry.device.revision.Workloads.container;
import static io.skerry.device.revision.Workloads.workload;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.skerry.content.files.DurableFiles;
import io.skerry.spec.Problem;
import io.skerry.spec.desired.Owner;
import io.skerry.spec.desired.RestartPolicy;
import io.skerry.spec.desired.Workload;
import io.skerry.spec.status.ContainerStatus.Health;
import io.skerry.spec.status.Outcome.Result;
import io.skerry.spec.status.RevisionStatus.Phase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an engine makes of what an earlier one, a boot or a failing disk has left. */
class EngineRestartTest {
    private final Path data;

    @AutoClose
    private final EngineBench bench;

    EngineRestartTest(@TempDir Path data) {
        this.data = data;
        bench = new EngineBench(data);
    }

    @Test
    void trialGoesOnAfterARestartOfTheDaemon() {
        bench.committed(workload("a", container("web", 1)));
        bench.offer(workload("a", container("web", 2, RestartPolicy.ALWAYS, 30)));
        bench.awaitPhase(Phase.ON_TRIAL);

        bench.restart();

        bench.awaitPhase(Phase.ON_TRIAL);
        bench.passUntil(() -> bench.engine().standing().revision().current() == 2);
        bench.awaitOutcome(2, Result.COMMITTED);
        assertThat(bench.containers.calls).containsExactly("start a:1", "stop a", "start a:2");
    }

    @Test
    void daemonThatIsToldToEndAmidATrialIsNoFailureOfTheRevision() {
        bench.committed(workload("a", container("web", 1)));
        bench.offer(workload("a", container("web", 2, RestartPolicy.ALWAYS, 30)));
        for (int i = 0; i < 2 * Resumption.ATTEMPTS; i++) {
            bench.awaitPhase(Phase.ON_TRIAL);
            bench.restartInOrder();
        }

        bench.awaitPhase(Phase.ON_TRIAL);
        bench.passUntil(() -> bench.engine().standing().revision().current() == 2);
    }

    @Test
    void newRevisionThatTheDiskDoesNotTakeKeepsNothingFromRunningAfterABoot() throws IOException {
        bench.committed(workload("a", container("web", 1)));
        Path inTheWay = Files.createFile(data.resolve("revisions/2"));
        bench.offer(workload("a", container("web", 2)));
        await().until(() -> problems().contains("disk.failed"));

        bench.reboot();

        await().until(() -> bench.containers.forms().containsKey("a"));
        assertThat(problems()).contains("disk.failed");
        Files.delete(inTheWay);
        bench.passUntil(() -> bench.engine().standing().revision().current() == 2);
        await().until(() -> problems().isEmpty());
    }

    private List<String> problems() {
        return bench.engine().standing().problems().stream().map(Problem::code).toList();
    }

    @Test
    void revisionThatTakesTheDaemonWithItEachTimeIsGivenUp() {
        bench.committed(workload("a", container("web", 1)));
        bench.offer(workload("a", container("web", 2, RestartPolicy.ALWAYS, 30)));
        for (int i = 1; i < Resumption.ATTEMPTS; i++) {
            bench.awaitPhase(Phase.ON_TRIAL);
            bench.restart();
        }
        bench.awaitPhase(Phase.ON_TRIAL);

        bench.restart();

        assertThat(bench.awaitOutcome(2, Result.ROLLED_BACK)
                        .reason()
                        .orElseThrow()
                        .problem()
                        .code())
                .isEqualTo("revision.interrupted");
        assertThat(bench.containers.forms())
                .isEqualTo(workload("a", container("web", 1)).containers());
    }

    @Test
    void revisionThatWasGivenUpBeforeTheCloudWasHeardIsNotTriedAgainForTheOldRetryToken() {
        bench.committed(workload("a", container("web", 1)));
        Workload fatal = workload("a", container("web", 2, RestartPolicy.ALWAYS, 30));
        bench.engine().offer(Owner.CLOUD, fatal, "pressed once");
        for (int i = 1; i <= Resumption.ATTEMPTS; i++) {
            bench.awaitPhase(Phase.ON_TRIAL);
            bench.restart();
        }
        bench.awaitOutcome(2, Result.ROLLED_BACK);
        int callsSoFar = bench.containers.calls.size();

        bench.engine().offer(Owner.CLOUD, fatal, "pressed once");
        bench.settle();

        assertThat(bench.containers.calls).hasSize(callsSoFar);
        assertThat(bench.engine().standing().revision().phase()).isEqualTo(Phase.IDLE);
    }

    @Test
    void diskThatTakesNothingDoesNotKeepTheVersionBeforeFromRunningAgain() throws IOException {
        bench.committed(workload("a", checked("web", 1, 30)), 31);
        bench.offer(workload("a", checked("web", 2, 30)));
        bench.awaitPhase(Phase.ON_TRIAL);
        // A folder in the file's place refuses it, also to root.
        Files.createDirectories(data.resolve("revisions/2/outcome.json/in-the-way"));

        bench.containers.health("a", Health.UNHEALTHY, "HTTP 500");

        bench.awaitOutcome(2, Result.ROLLED_BACK);
        await().until(() -> bench.containers
                .forms()
                .equals(workload("a", checked("web", 1, 30)).containers()));
        bench.settle();
        assertThat(bench.containers.calls).endsWith("stop a", "start a:1");
    }

    @Test
    void committedContainersAreStartedAgainWhenTheyAreGone() {
        bench.committed(workload("a", container("web", 1)));

        bench.containers.vanish("a");

        await().until(() -> bench.containers.calls.equals(List.of("start a:1", "start a:1")));
        assertThat(bench.engine().standing().revision().current()).isEqualTo(1);
    }

    @Test
    void startsWhatIsCommittedAfterABootWithoutHearingFromAnyCloud() {
        bench.committed(workload("a", container("web", 1)));
        bench.engine().close();
        bench.containers.vanish("a");

        bench.start();

        await().until(() -> bench.containers.forms().containsKey("a"));
        assertThat(bench.images.fetched).hasSize(1);
    }

    @Test
    void aCommittedRevisionThatTheDiskHasLostIsToldAndMadeAnew() throws IOException {
        bench.committed(workload("a", container("web", 1)));
        bench.offer(workload("a", checked("web", 2, 30)));
        bench.passUntil(() -> bench.engine().standing().revision().current() == 2);
        bench.awaitOutcome(2, Result.COMMITTED);
        bench.engine().close();
        Files.writeString(data.resolve("revisions/2/desired.json"), "no json");
        Files.writeString(data.resolve("revisions/2/desired.json.copy"), "no json");

        bench.restart();

        bench.awaitPhase(Phase.ON_TRIAL);
        assertThat(problems()).containsExactly("revision.lost");
        assertThat(bench.engine().standing().revision().current()).isEqualTo(1);
        bench.passUntil(() -> bench.engine().standing().revision().current() == 3);
        bench.awaitOutcome(3, Result.COMMITTED);
        assertThat(problems()).isEmpty();
        assertThat(bench.containers.forms())
                .isEqualTo(workload("a", checked("web", 2, 30)).containers());
    }

    @Test
    void aCommitOfWhichOnlyTheLinkIsMissingLosesNothing() throws IOException {
        bench.committed(workload("a", container("web", 1)));
        bench.offer(workload("a", container("web", 2)));
        bench.awaitOutcome(2, Result.COMMITTED);
        bench.engine().close();
        DurableFiles.link(data.resolve("current"), Path.of("revisions/1"));
        DurableFiles.link(data.resolve("trying"), Path.of("revisions/2"));

        bench.restart();

        assertThat(problems()).isEmpty();
        await().until(() -> bench.engine().standing().revision().current() == 2);
        assertThat(problems()).isEmpty();
    }
}
