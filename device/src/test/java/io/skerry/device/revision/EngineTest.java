package io.skerry.device.revision;

import static io.skerry.device.revision.Workloads.checked;
import static io.skerry.device.revision.Workloads.container;
import static io.skerry.device.revision.Workloads.image;
import static io.skerry.device.revision.Workloads.workload;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.skerry.spec.ProblemException;
import io.skerry.spec.desired.ConfigFile;
import io.skerry.spec.desired.ConfigFiles;
import io.skerry.spec.desired.Container;
import io.skerry.spec.desired.Contents;
import io.skerry.spec.desired.Owner;
import io.skerry.spec.desired.RestartPolicy;
import io.skerry.spec.desired.Workload;
import io.skerry.spec.status.ContainerStatus.Cause;
import io.skerry.spec.status.ContainerStatus.Health;
import io.skerry.spec.status.HeldBack;
import io.skerry.spec.status.Outcome;
import io.skerry.spec.status.Outcome.Result;
import io.skerry.spec.status.RevisionStatus.Phase;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EngineTest {
    private final Path data;

    @AutoClose
    private final EngineBench bench;

    EngineTest(@TempDir Path data) {
        this.data = data;
        bench = new EngineBench(data);
    }

    @Test
    void firstWorkloadRunsAndIsCommitted() {
        bench.start();

        bench.offer(workload("a", container("web", 1)));

        bench.awaitOutcome(1, Result.COMMITTED);
        assertThat(bench.containers.calls).containsExactly("start a:1");
        assertThat(bench.engine().standing().revision().current()).isEqualTo(1);
        assertThat(bench.engine().standing().revision().phase()).isEqualTo(Phase.IDLE);
    }

    @Test
    void newVersionIsFetchedWhileTheOldOneRuns() {
        bench.committed(workload("a", container("web", 1)));
        bench.images.hold(image("web2"));

        bench.offer(workload("a", container("web", 2)));

        bench.awaitPhase(Phase.FETCHING);
        assertThat(bench.containers.calls).containsExactly("start a:1");
        bench.images.letGo(image("web2"));
        bench.awaitOutcome(2, Result.COMMITTED);
        assertThat(bench.containers.calls).containsExactly("start a:1", "stop a", "start a:2");
    }

    @Test
    void unchangedContainerIsLeftAlone() {
        bench.committed(workload("a", container("web", 1), "b", container("db", 1)));

        bench.offer(workload("a", container("web", 2), "b", container("db", 1)));

        bench.awaitOutcome(2, Result.COMMITTED);
        assertThat(bench.containers.calls).filteredOn(c -> c.contains(" b")).containsExactly("start b:1");
    }

    @Test
    void aChangedConfigurationFileRestartsItsContainerAlone() {
        bench.committed(workload("a", configured("one"), "b", container("db", 1)));

        bench.offer(workload("a", configured("two"), "b", container("db", 1)));

        bench.awaitOutcome(2, Result.COMMITTED);
        assertThat(bench.containers.calls).filteredOn(c -> c.contains(" b")).containsExactly("start b:1");
        assertThat(bench.containers.calls)
                .filteredOn(c -> c.contains(" a"))
                .containsExactly("start a:1", "stop a", "start a:1");
    }

    @Test
    void whatConfigurationFilesSayIsKeptForAsLongAsTheDeviceMayGoBackToThem() {
        bench.start();
        for (String said : List.of("one", "two", "three")) {
            bench.engine().hold(Optional.of(Contents.of(Map.of(image(said), said.getBytes(UTF_8)))));
            bench.offer(workload("a", configured(said)));
            bench.awaitOutcome(said.equals("one") ? 1 : said.equals("two") ? 2 : 3, Result.COMMITTED);
        }

        var contents = new ConfigContents(data);
        assertThat(contents.read(image("three"), "a", "/etc/a")).asString(UTF_8).isEqualTo("three");
        assertThat(contents.read(image("two"), "a", "/etc/a")).asString(UTF_8).isEqualTo("two");
        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> assertThat(
                                data.resolve("config").resolve(image("one").hex()))
                        .doesNotExist());
    }

    /** With one file that says this. */
    private static Container configured(String said) {
        var file = new ConfigFile("/etc/a", 0400, image(said), said.length());
        return container("web", 1).with(Optional.of(new ConfigFiles(List.of(file))));
    }

    @Test
    void newVersionThatIsUnhealthyGoesBackWithItsReason() {
        bench.committed(workload("a", checked("web", 1, 30)), 31);

        bench.offer(workload("a", checked("web", 2, 30)));
        bench.awaitPhase(Phase.ON_TRIAL);
        bench.containers.health("a", Health.UNHEALTHY, "HTTP 500");

        Outcome outcome = bench.awaitOutcome(2, Result.ROLLED_BACK);
        assertThat(bench.containers.forms())
                .isEqualTo(workload("a", checked("web", 1, 30)).containers());
        var reason = outcome.reason().orElseThrow();
        assertThat(reason.container()).isEqualTo("a");
        assertThat(reason.problem().code()).isEqualTo("container.unhealthy");
        assertThat(reason.problem().message()).contains("HTTP 500");
        assertThat(reason.logTail()).containsExactly("last words of a");
        assertThat(bench.engine().standing().revision().current()).isEqualTo(1);
    }

    @Test
    void crashLoopGoesBackWithTheExitCode() {
        bench.committed(workload("a", container("web", 1)));

        bench.offer(workload("a", container("web", 2, RestartPolicy.ALWAYS, 30)));
        bench.awaitPhase(Phase.ON_TRIAL);
        bench.containers.restarted("a", 3, 7, Cause.EXITED);

        var reason = bench.awaitOutcome(2, Result.ROLLED_BACK).reason().orElseThrow();
        assertThat(reason.problem().code()).isEqualTo("container.exited");
        assertThat(reason.problem().message()).contains("exit code 7", "3 times");
    }

    @Test
    void outOfMemoryIsNamedAsSuch() {
        bench.committed(workload("a", container("web", 1)));

        bench.offer(workload("a", container("web", 2, RestartPolicy.NO, 30)));
        bench.awaitPhase(Phase.ON_TRIAL);
        bench.containers.ended("a", 137, Cause.OUT_OF_MEMORY);

        assertThat(bench.awaitOutcome(2, Result.ROLLED_BACK)
                        .reason()
                        .orElseThrow()
                        .problem()
                        .code())
                .isEqualTo("container.out-of-memory");
    }

    @Test
    void containerThatCannotBeStartedGoesBack() {
        bench.committed(workload("a", container("web", 1)));
        bench.containers.unstartable("a:2", "no such program");

        bench.offer(workload("a", container("web", 2)));

        var reason = bench.awaitOutcome(2, Result.ROLLED_BACK).reason().orElseThrow();
        assertThat(reason.problem().message()).isEqualTo("no such program");
        assertThat(bench.containers.forms())
                .isEqualTo(workload("a", container("web", 1)).containers());
    }

    @Test
    void firstInstallThatFailsLeavesNothingRunning() {
        bench.start();
        bench.containers.unstartable("a:1", "no such program");

        bench.offer(workload("a", container("web", 1)));

        bench.awaitOutcome(1, Result.ROLLED_BACK);
        assertThat(bench.containers.forms()).isEmpty();
        assertThat(bench.engine().standing().revision().current()).isZero();
    }

    @Test
    void workloadThatFailedIsNotTriedAgainUntilTheRetryTokenChanges() {
        bench.committed(workload("a", container("web", 1)));
        bench.containers.unstartable("a:2", "no such program");
        bench.offer(workload("a", container("web", 2)));
        bench.awaitOutcome(2, Result.ROLLED_BACK);
        int callsSoFar = bench.containers.calls.size();

        bench.offer(workload("a", container("web", 2)));
        bench.restart();
        bench.offer(workload("a", container("web", 2)));
        bench.settle();

        assertThat(bench.containers.calls).hasSize(callsSoFar);
        bench.containers.startable("a:2");
        bench.engine().offer(Owner.CLOUD, workload("a", container("web", 2)), "again");
        bench.awaitOutcome(3, Result.COMMITTED);
    }

    @Test
    void containerThatFailsKeepsNoOtherFromBeingUpdated() {
        bench.committed(workload("a", container("web", 1)));
        bench.containers.unstartable("a:2", "no such program");
        bench.offer(workload("a", container("web", 2)));
        bench.awaitOutcome(2, Result.ROLLED_BACK);

        bench.offer(workload("a", container("web", 2), "b", container("log", 1)));

        bench.awaitOutcome(3, Result.COMMITTED);
        assertThat(bench.containers.forms())
                .isEqualTo(workload("a", container("web", 1), "b", container("log", 1))
                        .containers());
        assertThat(bench.engine().standing().revision().heldBack())
                .singleElement()
                .satisfies(held -> {
                    assertThat(held.name()).isEqualTo("a");
                    assertThat(held.wanted().version()).isEqualTo(2);
                    assertThat(held.reason().problem().message()).isEqualTo("no such program");
                });
    }

    @Test
    void whatIsHeldBackIsTriedAgainInItsNextForm() {
        bench.committed(workload("a", container("web", 1)));
        bench.containers.unstartable("a:2", "no such program");
        bench.offer(workload("a", container("web", 2)));
        bench.awaitOutcome(2, Result.ROLLED_BACK);

        bench.offer(workload("a", container("web", 3)));

        bench.awaitOutcome(3, Result.COMMITTED);
        assertThat(bench.engine().standing().revision().heldBack()).isEmpty();
    }

    @Test
    void twoThatFailAreHeldBackOneAfterTheOtherAndTheRestArrives() {
        bench.committed(workload("a", container("web", 1)));
        bench.containers.unstartable("a:2", "no such program");
        bench.containers.unstartable("b:1", "no such file");

        bench.offer(Workload.of(Map.of("a", container("web", 2), "b", container("log", 1), "c", container("map", 1))));

        bench.awaitOutcome(4, Result.COMMITTED);
        assertThat(bench.containers.forms())
                .isEqualTo(workload("a", container("web", 1), "c", container("map", 1))
                        .containers());
        assertThat(bench.engine().standing().revision().heldBack())
                .extracting(HeldBack::name)
                .containsExactlyInAnyOrder("a", "b");
    }

    @Test
    void corruptImageIsRefusedWithoutASwitch() {
        bench.committed(workload("a", container("web", 1)));
        bench.images.fail(image("web2"), "image.corrupt");

        bench.offer(workload("a", container("web", 2)));

        var outcome = bench.awaitOutcome(2, Result.REFUSED);
        assertThat(outcome.reason().orElseThrow().container()).isEqualTo("a");
        assertThat(bench.containers.calls).containsExactly("start a:1");
    }

    @Test
    void unreachableRegistryIsTriedUntilItIsBack() {
        bench.committed(workload("a", container("web", 1)));
        bench.images.fail(image("web2"), "registry.unreachable");
        bench.offer(workload("a", container("web", 2)));
        await().until(() -> !bench.engine().standing().problems().isEmpty());
        assertThat(bench.engine().standing().problems().getFirst().code()).isEqualTo("registry.unreachable");

        bench.images.mend(image("web2"));

        bench.awaitOutcome(2, Result.COMMITTED);
        assertThat(bench.engine().standing().problems()).isEmpty();
    }

    @Test
    void fullDiskRefusesWithAReasonAndRecoversByItself() {
        bench.committed(workload("a", container("web", 1)));
        bench.images.fail(image("web2"), "disk.full");
        bench.offer(workload("a", container("web", 2)));

        var outcome = bench.awaitOutcome(2, Result.REFUSED);
        assertThat(outcome.reason().orElseThrow().problem().code()).isEqualTo("disk.full");
        assertThat(bench.containers.calls).containsExactly("start a:1");

        bench.images.mend(image("web2"));
        bench.awaitOutcome(2, Result.COMMITTED);
    }

    @Test
    void preparationThatAnErrorBreaksOffIsReportedAndTriedAgain() {
        bench.committed(workload("a", container("web", 1)));
        bench.images.breakOff(image("web2"), new OutOfMemoryError("heap"));
        bench.offer(workload("a", container("web", 2)));
        await().until(() -> !bench.engine().standing().problems().isEmpty());
        assertThat(bench.engine().standing().problems().getFirst().code()).isEqualTo("device.fault");

        bench.images.mend(image("web2"));

        bench.awaitOutcome(2, Result.COMMITTED);
        assertThat(bench.engine().standing().problems()).isEmpty();
    }

    @Test
    void newerWorkloadInterruptsTheFetchOfAnOlderOne() {
        bench.committed(workload("a", container("web", 1)));
        bench.images.hold(image("web2"));
        bench.offer(workload("a", container("web", 2)));
        await().until(() -> bench.images.fetched.contains(image("web2")));

        bench.offer(workload("a", container("web", 3)));

        bench.awaitOutcome(3, Result.COMMITTED);
        assertThat(bench.images.interrupted).containsExactly(image("web2"));
        assertThat(bench.containers.calls).containsExactly("start a:1", "stop a", "start a:3");
    }

    @Test
    void newerWorkloadTakesThePlaceOfOneOnTrialOnceItIsPrepared() {
        bench.committed(workload("a", container("web", 1)));
        bench.offer(workload("a", container("web", 2, RestartPolicy.ALWAYS, 30)));
        bench.awaitPhase(Phase.ON_TRIAL);

        bench.offer(workload("a", container("web", 3)));

        bench.awaitOutcome(3, Result.COMMITTED);
        assertThat(bench.containers.calls).containsExactly("start a:1", "stop a", "start a:2", "stop a", "start a:3");
    }

    @Test
    void trialThatFailsWhileANewerOneIsFetchedGoesBackToTheCommittedOne() {
        bench.committed(workload("a", container("web", 1)));
        bench.offer(workload("a", container("web", 2, RestartPolicy.ALWAYS, 30)));
        bench.awaitPhase(Phase.ON_TRIAL);
        bench.images.hold(image("web3"));
        bench.offer(workload("a", container("web", 3)));
        await().until(() -> bench.images.fetched.contains(image("web3")));

        bench.containers.health("a", Health.UNHEALTHY, "");

        bench.awaitOutcome(2, Result.ROLLED_BACK);
        await().until(() -> bench.containers
                .forms()
                .equals(workload("a", container("web", 1)).containers()));
        bench.images.letGo(image("web3"));
        bench.awaitOutcome(3, Result.COMMITTED);
    }

    @Test
    void goingBackToTheCommittedWorkloadEndsATrial() {
        bench.committed(workload("a", container("web", 1)));
        bench.offer(workload("a", container("web", 2, RestartPolicy.ALWAYS, 30)));
        bench.awaitPhase(Phase.ON_TRIAL);

        bench.offer(workload("a", container("web", 1)));

        bench.awaitOutcome(2, Result.SUPERSEDED);
        await().until(() -> bench.containers
                .forms()
                .equals(workload("a", container("web", 1)).containers()));
        assertThat(bench.engine().standing().revision().current()).isEqualTo(1);
    }

    @Test
    void probationLastsAsLongAsTheLongestOfTheChanged() {
        bench.start();
        bench.offer(workload(
                "a", container("web", 1, RestartPolicy.ALWAYS, 10), "b", container("db", 1, RestartPolicy.ALWAYS, 60)));
        bench.awaitPhase(Phase.ON_TRIAL);

        bench.pass(59);
        bench.settle();
        assertThat(bench.engine().standing().revision().phase()).isEqualTo(Phase.ON_TRIAL);

        bench.passUntil(() -> bench.engine().standing().revision().current() == 1);
        bench.awaitOutcome(1, Result.COMMITTED);
    }

    @Test
    void jobThatEndsWithZeroPassesItsTrial() {
        bench.start();
        bench.offer(workload("a", container("job", 1, RestartPolicy.NO, 10)));
        bench.awaitPhase(Phase.ON_TRIAL);

        bench.containers.ended("a", 0, Cause.EXITED);

        bench.awaitOutcome(1, Result.COMMITTED);
    }

    @Test
    void containerThatNeverBecomesHealthyGoesBackInTheEnd() {
        bench.committed(workload("a", container("web", 1)));
        bench.containers.startsAs("a:2", Health.STARTING);
        bench.offer(workload("a", checked("web", 2, 10)));
        bench.awaitPhase(Phase.ON_TRIAL);

        bench.pass(11);
        bench.settle();
        assertThat(bench.engine().standing().revision().phase()).isEqualTo(Phase.ON_TRIAL);

        bench.passUntil(() -> bench.engine()
                .standing()
                .revision()
                .outcome()
                .filter(o -> o.revision() == 2)
                .isPresent());
        assertThat(bench.awaitOutcome(2, Result.ROLLED_BACK)
                        .reason()
                        .orElseThrow()
                        .problem()
                        .code())
                .isEqualTo("container.not-healthy");
    }

    @Test
    void removedContainerIsStoppedAndItsVolumesGoAfterTheCommit() {
        bench.committed(workload("a", container("web", 1), "b", container("db", 1)));

        bench.offer(workload("a", container("web", 1)));

        bench.awaitOutcome(2, Result.COMMITTED);
        assertThat(bench.containers.calls).endsWith("stop b");
        await().until(() -> bench.volumes.removed.equals(List.of("b")));
    }

    @Test
    void imagesOfCurrentAndPreviousAreKeptAndOlderOnesGo() {
        bench.committed(workload("a", container("web", 1)));
        bench.offer(workload("a", container("web", 2)));
        bench.awaitOutcome(2, Result.COMMITTED);
        bench.offer(workload("a", container("web", 3)));
        bench.awaitOutcome(3, Result.COMMITTED);

        await().until(() -> !bench.images.has(image("web1")));
        assertThat(bench.images.has(image("web2"))).isTrue();
        assertThat(bench.images.has(image("web3"))).isTrue();
    }

    @Test
    void partOfAnotherOwnerStaysAndAClashIsRefusedByName() {
        bench.committed(workload("a", container("web", 1)));
        bench.engine().offer(Owner.PUSH, workload("p", container("pushed", 1)), "");
        bench.awaitOutcome(2, Result.COMMITTED);

        bench.offer(workload("a", container("web", 2)));

        bench.awaitOutcome(3, Result.COMMITTED);
        assertThat(bench.containers.forms()).containsOnlyKeys("a", "p");
        assertThatThrownBy(() -> bench.engine().offer(Owner.PUSH, workload("a", container("pushed", 2)), ""))
                .isInstanceOfSatisfying(ProblemException.class, e -> {
                    assertThat(e.code()).isEqualTo("part.clash");
                    assertThat(e.problem().message()).contains("container a", "'cloud'");
                });
    }
}
