package io.skerry.device.revision;

import static io.skerry.device.revision.Workloads.checked;
import static io.skerry.device.revision.Workloads.container;
import static io.skerry.device.revision.Workloads.image;
import static io.skerry.device.revision.Workloads.workload;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.skerry.spec.ProblemException;
import io.skerry.spec.desired.Owner;
import io.skerry.spec.desired.RestartPolicy;
import io.skerry.spec.desired.Workload;
import io.skerry.spec.status.ContainerStatus.Cause;
import io.skerry.spec.status.ContainerStatus.Health;
import io.skerry.spec.status.HeldBack;
import io.skerry.spec.status.Outcome;
import io.skerry.spec.status.Outcome.Result;
import io.skerry.spec.status.RevisionStatus.Phase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EngineTest {
    @TempDir
    Path data;

    private final FakeVolumes volumes = new FakeVolumes();
    private final FakeContainers containers = new FakeContainers(volumes);
    private final FakeMachine machine = new FakeMachine();
    private final FakeImages images = new FakeImages();
    private final AtomicLong now = new AtomicLong();
    private @Nullable Engine running;

    @AfterEach
    void close() {
        if (running != null) {
            running.close();
        }
    }

    @Test
    void firstWorkloadRunsAndIsCommitted() {
        start();

        offer(workload("a", container("web", 1)));

        awaitOutcome(1, Result.COMMITTED);
        assertThat(containers.calls).containsExactly("start a:1");
        assertThat(engine().standing().revision().current()).isEqualTo(1);
        assertThat(engine().standing().revision().phase()).isEqualTo(Phase.IDLE);
    }

    @Test
    void newVersionIsFetchedWhileTheOldOneRuns() {
        committed(workload("a", container("web", 1)));
        images.hold(image("web2"));

        offer(workload("a", container("web", 2)));

        awaitPhase(Phase.FETCHING);
        assertThat(containers.calls).containsExactly("start a:1");
        images.letGo(image("web2"));
        awaitOutcome(2, Result.COMMITTED);
        assertThat(containers.calls).containsExactly("start a:1", "stop a", "start a:2");
    }

    @Test
    void unchangedContainerIsLeftAlone() {
        committed(workload("a", container("web", 1), "b", container("db", 1)));

        offer(workload("a", container("web", 2), "b", container("db", 1)));

        awaitOutcome(2, Result.COMMITTED);
        assertThat(containers.calls).filteredOn(c -> c.contains(" b")).containsExactly("start b:1");
    }

    @Test
    void newVersionThatIsUnhealthyGoesBackWithItsReason() {
        committed(workload("a", checked("web", 1, 30)), 31);

        offer(workload("a", checked("web", 2, 30)));
        awaitPhase(Phase.ON_TRIAL);
        containers.health("a", Health.UNHEALTHY, "HTTP 500");

        Outcome outcome = awaitOutcome(2, Result.ROLLED_BACK);
        assertThat(containers.forms())
                .isEqualTo(workload("a", checked("web", 1, 30)).containers());
        var reason = outcome.reason().orElseThrow();
        assertThat(reason.container()).isEqualTo("a");
        assertThat(reason.problem().code()).isEqualTo("container.unhealthy");
        assertThat(reason.problem().message()).contains("HTTP 500");
        assertThat(reason.logTail()).containsExactly("last words of a");
        assertThat(engine().standing().revision().current()).isEqualTo(1);
    }

    @Test
    void crashLoopGoesBackWithTheExitCode() {
        committed(workload("a", container("web", 1)));

        offer(workload("a", container("web", 2, RestartPolicy.ALWAYS, 30)));
        awaitPhase(Phase.ON_TRIAL);
        containers.restarted("a", 3, 7, Cause.EXITED);

        var reason = awaitOutcome(2, Result.ROLLED_BACK).reason().orElseThrow();
        assertThat(reason.problem().code()).isEqualTo("container.exited");
        assertThat(reason.problem().message()).contains("exit code 7", "3 times");
    }

    @Test
    void outOfMemoryIsNamedAsSuch() {
        committed(workload("a", container("web", 1)));

        offer(workload("a", container("web", 2, RestartPolicy.NO, 30)));
        awaitPhase(Phase.ON_TRIAL);
        containers.ended("a", 137, Cause.OUT_OF_MEMORY);

        assertThat(awaitOutcome(2, Result.ROLLED_BACK)
                        .reason()
                        .orElseThrow()
                        .problem()
                        .code())
                .isEqualTo("container.out-of-memory");
    }

    @Test
    void containerThatCannotBeStartedGoesBack() {
        committed(workload("a", container("web", 1)));
        containers.unstartable("a:2", "no such program");

        offer(workload("a", container("web", 2)));

        var reason = awaitOutcome(2, Result.ROLLED_BACK).reason().orElseThrow();
        assertThat(reason.problem().message()).isEqualTo("no such program");
        assertThat(containers.forms())
                .isEqualTo(workload("a", container("web", 1)).containers());
    }

    @Test
    void firstInstallThatFailsLeavesNothingRunning() {
        start();
        containers.unstartable("a:1", "no such program");

        offer(workload("a", container("web", 1)));

        awaitOutcome(1, Result.ROLLED_BACK);
        assertThat(containers.forms()).isEmpty();
        assertThat(engine().standing().revision().current()).isZero();
    }

    @Test
    void workloadThatFailedIsNotTriedAgainUntilTheRetryTokenChanges() {
        committed(workload("a", container("web", 1)));
        containers.unstartable("a:2", "no such program");
        offer(workload("a", container("web", 2)));
        awaitOutcome(2, Result.ROLLED_BACK);
        int callsSoFar = containers.calls.size();

        offer(workload("a", container("web", 2)));
        restart();
        offer(workload("a", container("web", 2)));
        settle();

        assertThat(containers.calls).hasSize(callsSoFar);
        containers.startable("a:2");
        engine().offer(Owner.CLOUD, workload("a", container("web", 2)), "again");
        awaitOutcome(3, Result.COMMITTED);
    }

    @Test
    void containerThatFailsKeepsNoOtherFromBeingUpdated() {
        committed(workload("a", container("web", 1)));
        containers.unstartable("a:2", "no such program");
        offer(workload("a", container("web", 2)));
        awaitOutcome(2, Result.ROLLED_BACK);

        offer(workload("a", container("web", 2), "b", container("log", 1)));

        awaitOutcome(3, Result.COMMITTED);
        assertThat(containers.forms())
                .isEqualTo(workload("a", container("web", 1), "b", container("log", 1))
                        .containers());
        assertThat(engine().standing().revision().heldBack()).singleElement().satisfies(held -> {
            assertThat(held.name()).isEqualTo("a");
            assertThat(held.wanted().version()).isEqualTo(2);
            assertThat(held.reason().problem().message()).isEqualTo("no such program");
        });
    }

    @Test
    void whatIsHeldBackIsTriedAgainInItsNextForm() {
        committed(workload("a", container("web", 1)));
        containers.unstartable("a:2", "no such program");
        offer(workload("a", container("web", 2)));
        awaitOutcome(2, Result.ROLLED_BACK);

        offer(workload("a", container("web", 3)));

        awaitOutcome(3, Result.COMMITTED);
        assertThat(engine().standing().revision().heldBack()).isEmpty();
    }

    @Test
    void twoThatFailAreHeldBackOneAfterTheOtherAndTheRestArrives() {
        committed(workload("a", container("web", 1)));
        containers.unstartable("a:2", "no such program");
        containers.unstartable("b:1", "no such file");

        offer(Workload.of(Map.of("a", container("web", 2), "b", container("log", 1), "c", container("map", 1))));

        awaitOutcome(4, Result.COMMITTED);
        assertThat(containers.forms())
                .isEqualTo(workload("a", container("web", 1), "c", container("map", 1))
                        .containers());
        assertThat(engine().standing().revision().heldBack())
                .extracting(HeldBack::name)
                .containsExactlyInAnyOrder("a", "b");
    }

    @Test
    void corruptImageIsRefusedWithoutASwitch() {
        committed(workload("a", container("web", 1)));
        images.fail(image("web2"), "image.corrupt");

        offer(workload("a", container("web", 2)));

        var outcome = awaitOutcome(2, Result.REFUSED);
        assertThat(outcome.reason().orElseThrow().container()).isEqualTo("a");
        assertThat(containers.calls).containsExactly("start a:1");
    }

    @Test
    void unreachableRegistryIsTriedUntilItIsBack() {
        committed(workload("a", container("web", 1)));
        images.fail(image("web2"), "registry.unreachable");
        offer(workload("a", container("web", 2)));
        await().until(() -> !engine().standing().problems().isEmpty());
        assertThat(engine().standing().problems().getFirst().code()).isEqualTo("registry.unreachable");

        images.mend(image("web2"));

        awaitOutcome(2, Result.COMMITTED);
        assertThat(engine().standing().problems()).isEmpty();
    }

    @Test
    void fullDiskRefusesWithAReasonAndRecoversByItself() {
        committed(workload("a", container("web", 1)));
        images.fail(image("web2"), "disk.full");
        offer(workload("a", container("web", 2)));

        var outcome = awaitOutcome(2, Result.REFUSED);
        assertThat(outcome.reason().orElseThrow().problem().code()).isEqualTo("disk.full");
        assertThat(containers.calls).containsExactly("start a:1");

        images.mend(image("web2"));
        awaitOutcome(2, Result.COMMITTED);
    }

    @Test
    void preparationThatAnErrorBreaksOffIsReportedAndTriedAgain() {
        committed(workload("a", container("web", 1)));
        images.breakOff(image("web2"), new OutOfMemoryError("heap"));
        offer(workload("a", container("web", 2)));
        await().until(() -> !engine().standing().problems().isEmpty());
        assertThat(engine().standing().problems().getFirst().code()).isEqualTo("device.fault");

        images.mend(image("web2"));

        awaitOutcome(2, Result.COMMITTED);
        assertThat(engine().standing().problems()).isEmpty();
    }

    @Test
    void newerWorkloadInterruptsTheFetchOfAnOlderOne() {
        committed(workload("a", container("web", 1)));
        images.hold(image("web2"));
        offer(workload("a", container("web", 2)));
        await().until(() -> images.fetched.contains(image("web2")));

        offer(workload("a", container("web", 3)));

        awaitOutcome(3, Result.COMMITTED);
        assertThat(images.interrupted).containsExactly(image("web2"));
        assertThat(containers.calls).containsExactly("start a:1", "stop a", "start a:3");
    }

    @Test
    void newerWorkloadTakesThePlaceOfOneOnTrialOnceItIsPrepared() {
        committed(workload("a", container("web", 1)));
        offer(workload("a", container("web", 2, RestartPolicy.ALWAYS, 30)));
        awaitPhase(Phase.ON_TRIAL);

        offer(workload("a", container("web", 3)));

        awaitOutcome(3, Result.COMMITTED);
        assertThat(containers.calls).containsExactly("start a:1", "stop a", "start a:2", "stop a", "start a:3");
    }

    @Test
    void trialThatFailsWhileANewerOneIsFetchedGoesBackToTheCommittedOne() {
        committed(workload("a", container("web", 1)));
        offer(workload("a", container("web", 2, RestartPolicy.ALWAYS, 30)));
        awaitPhase(Phase.ON_TRIAL);
        images.hold(image("web3"));
        offer(workload("a", container("web", 3)));
        await().until(() -> images.fetched.contains(image("web3")));

        containers.health("a", Health.UNHEALTHY, "");

        awaitOutcome(2, Result.ROLLED_BACK);
        await().until(() ->
                containers.forms().equals(workload("a", container("web", 1)).containers()));
        images.letGo(image("web3"));
        awaitOutcome(3, Result.COMMITTED);
    }

    @Test
    void goingBackToTheCommittedWorkloadEndsATrial() {
        committed(workload("a", container("web", 1)));
        offer(workload("a", container("web", 2, RestartPolicy.ALWAYS, 30)));
        awaitPhase(Phase.ON_TRIAL);

        offer(workload("a", container("web", 1)));

        awaitOutcome(2, Result.SUPERSEDED);
        await().until(() ->
                containers.forms().equals(workload("a", container("web", 1)).containers()));
        assertThat(engine().standing().revision().current()).isEqualTo(1);
    }

    @Test
    void probationLastsAsLongAsTheLongestOfTheChanged() {
        start();
        offer(workload(
                "a", container("web", 1, RestartPolicy.ALWAYS, 10), "b", container("db", 1, RestartPolicy.ALWAYS, 60)));
        awaitPhase(Phase.ON_TRIAL);

        pass(59);
        settle();
        assertThat(engine().standing().revision().phase()).isEqualTo(Phase.ON_TRIAL);

        pass(2);
        awaitOutcome(1, Result.COMMITTED);
    }

    @Test
    void jobThatEndsWithZeroPassesItsTrial() {
        start();
        offer(workload("a", container("job", 1, RestartPolicy.NO, 10)));
        awaitPhase(Phase.ON_TRIAL);

        containers.ended("a", 0, Cause.EXITED);

        awaitOutcome(1, Result.COMMITTED);
    }

    @Test
    void containerThatNeverBecomesHealthyGoesBackInTheEnd() {
        committed(workload("a", container("web", 1)));
        containers.startsAs("a:2", Health.STARTING);
        offer(workload("a", checked("web", 2, 10)));
        awaitPhase(Phase.ON_TRIAL);

        pass(11);
        settle();
        assertThat(engine().standing().revision().phase()).isEqualTo(Phase.ON_TRIAL);

        pass(300);
        assertThat(awaitOutcome(2, Result.ROLLED_BACK)
                        .reason()
                        .orElseThrow()
                        .problem()
                        .code())
                .isEqualTo("container.not-healthy");
    }

    @Test
    void removedContainerIsStoppedAndItsVolumesGoAfterTheCommit() {
        committed(workload("a", container("web", 1), "b", container("db", 1)));

        offer(workload("a", container("web", 1)));

        awaitOutcome(2, Result.COMMITTED);
        assertThat(containers.calls).endsWith("stop b");
        await().until(() -> volumes.removed.equals(List.of("b")));
    }

    @Test
    void imagesOfCurrentAndPreviousAreKeptAndOlderOnesGo() {
        committed(workload("a", container("web", 1)));
        offer(workload("a", container("web", 2)));
        awaitOutcome(2, Result.COMMITTED);
        offer(workload("a", container("web", 3)));
        awaitOutcome(3, Result.COMMITTED);

        await().until(() -> !images.has(image("web1")));
        assertThat(images.has(image("web2"))).isTrue();
        assertThat(images.has(image("web3"))).isTrue();
    }

    @Test
    void trialGoesOnAfterARestartOfTheDaemon() {
        committed(workload("a", container("web", 1)));
        offer(workload("a", container("web", 2, RestartPolicy.ALWAYS, 30)));
        awaitPhase(Phase.ON_TRIAL);

        restart();

        awaitPhase(Phase.ON_TRIAL);
        pass(31);
        awaitOutcome(2, Result.COMMITTED);
        assertThat(containers.calls).containsExactly("start a:1", "stop a", "start a:2");
    }

    @Test
    void revisionThatTakesTheDaemonWithItEachTimeIsGivenUp() {
        committed(workload("a", container("web", 1)));
        offer(workload("a", container("web", 2, RestartPolicy.ALWAYS, 30)));
        for (int i = 1; i < Engine.ATTEMPTS; i++) {
            awaitPhase(Phase.ON_TRIAL);
            restart();
        }
        awaitPhase(Phase.ON_TRIAL);

        restart();

        assertThat(awaitOutcome(2, Result.ROLLED_BACK)
                        .reason()
                        .orElseThrow()
                        .problem()
                        .code())
                .isEqualTo("revision.interrupted");
        assertThat(containers.forms())
                .isEqualTo(workload("a", container("web", 1)).containers());
    }

    @Test
    void revisionThatWasGivenUpBeforeTheCloudWasHeardIsNotTriedAgainForTheOldRetryToken() {
        committed(workload("a", container("web", 1)));
        Workload fatal = workload("a", container("web", 2, RestartPolicy.ALWAYS, 30));
        engine().offer(Owner.CLOUD, fatal, "pressed once");
        for (int i = 1; i <= Engine.ATTEMPTS; i++) {
            awaitPhase(Phase.ON_TRIAL);
            restart();
        }
        awaitOutcome(2, Result.ROLLED_BACK);
        int callsSoFar = containers.calls.size();

        engine().offer(Owner.CLOUD, fatal, "pressed once");
        settle();

        assertThat(containers.calls).hasSize(callsSoFar);
        assertThat(engine().standing().revision().phase()).isEqualTo(Phase.IDLE);
    }

    @Test
    void diskThatTakesNothingDoesNotKeepTheVersionBeforeFromRunningAgain() throws IOException {
        committed(workload("a", checked("web", 1, 30)), 31);
        offer(workload("a", checked("web", 2, 30)));
        awaitPhase(Phase.ON_TRIAL);
        // A folder in the file's place refuses it, also to root.
        Files.createDirectories(data.resolve("revisions/2/outcome.json/in-the-way"));

        containers.health("a", Health.UNHEALTHY, "HTTP 500");

        awaitOutcome(2, Result.ROLLED_BACK);
        await().until(() ->
                containers.forms().equals(workload("a", checked("web", 1, 30)).containers()));
        settle();
        assertThat(containers.calls).endsWith("stop a", "start a:1");
    }

    @Test
    void committedContainersAreStartedAgainWhenTheyAreGone() {
        committed(workload("a", container("web", 1)));

        containers.vanish("a");

        await().until(() -> containers.calls.equals(List.of("start a:1", "start a:1")));
        assertThat(engine().standing().revision().current()).isEqualTo(1);
    }

    @Test
    void startsWhatIsCommittedAfterABootWithoutHearingFromAnyCloud() {
        committed(workload("a", container("web", 1)));
        engine().close();
        containers.vanish("a");

        start();

        await().until(() -> containers.forms().containsKey("a"));
        assertThat(images.fetched).hasSize(1);
    }

    @Test
    void partOfAnotherOwnerStaysAndAClashIsRefusedByName() {
        committed(workload("a", container("web", 1)));
        engine().offer(Owner.PUSH, workload("p", container("pushed", 1)), "");
        awaitOutcome(2, Result.COMMITTED);

        offer(workload("a", container("web", 2)));

        awaitOutcome(3, Result.COMMITTED);
        assertThat(containers.forms()).containsOnlyKeys("a", "p");
        assertThatThrownBy(() -> engine().offer(Owner.PUSH, workload("a", container("pushed", 2)), ""))
                .isInstanceOfSatisfying(ProblemException.class, e -> {
                    assertThat(e.code()).isEqualTo("part.clash");
                    assertThat(e.problem().message()).contains("container a", "'cloud'");
                });
    }

    private void start() {
        containers.forgetListeners();
        running = new Engine(
                data,
                new Hands(images, containers, volumes, machine),
                now::get,
                InstantSource.system(),
                new Random(1),
                () -> {});
        running.start();
    }

    private Engine engine() {
        return Objects.requireNonNull(running);
    }

    /** A daemon that is killed and comes back: the containers and the disk are as they were. */
    private void restart() {
        engine().close();
        start();
    }

    private void offer(Workload workload) {
        engine().offer(Owner.CLOUD, workload, "");
    }

    private void committed(Workload workload) {
        committed(workload, 0);
    }

    private void committed(Workload workload, int seconds) {
        start();
        offer(workload);
        if (seconds > 0) {
            awaitPhase(Phase.ON_TRIAL);
            pass(seconds);
        }
        awaitOutcome(1, Result.COMMITTED);
    }

    private void pass(int seconds) {
        now.addAndGet(Duration.ofSeconds(seconds).toNanos());
        containers.changed();
    }

    /** Long enough for the engine to have taken a turn: it answers to this change, which changes nothing. */
    private void settle() {
        int before = containers.calls.size();
        containers.changed();
        await().during(Duration.ofMillis(150)).until(() -> containers.calls.size() == before);
    }

    private void awaitPhase(Phase phase) {
        await().until(() -> engine().standing().revision().phase() == phase);
    }

    private Outcome awaitOutcome(int revision, Result result) {
        await().until(() -> engine().standing()
                .revision()
                .outcome()
                .filter(o -> o.revision() == revision && o.result() == result)
                .isPresent());
        await().until(() -> engine().standing().revision().phase() != Phase.ROLLING_BACK);
        return engine().standing().revision().outcome().orElseThrow();
    }
}
