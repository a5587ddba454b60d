package io.skerry.device.revision;

import static io.skerry.device.revision.Workloads.checked;
import static io.skerry.device.revision.Workloads.container;
import static io.skerry.device.revision.Workloads.image;
import static io.skerry.device.revision.Workloads.ruled;
import static io.skerry.device.revision.Workloads.workload;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.skerry.spec.desired.RestartPolicy;
import io.skerry.spec.desired.UpdateRules;
import io.skerry.spec.desired.UpdateRules.Strategy;
import io.skerry.spec.desired.Workload;
import io.skerry.spec.status.ContainerStatus.Health;
import io.skerry.spec.status.Outcome.Result;
import io.skerry.spec.status.RevisionStatus;
import io.skerry.spec.status.RevisionStatus.Phase;
import io.skerry.spec.status.WindowWaits;
import io.skerry.spec.status.WindowWaits.Wait;
import io.skerry.spec.window.DailyWindow;
import io.skerry.spec.window.Opening;
import io.skerry.spec.window.Schedule;
import io.skerry.spec.window.UpdateWindows;
import io.skerry.spec.window.Windows;
import java.nio.file.Path;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What waits for the device's windows and what doesn't. Fetching is from 20:00 to 22:00, switching from 02:00 to 04:00. */
class UpdateWindowsTest {
    private static final Workload ONE = workload("a", container("web", 1));
    private static final Workload TWO = workload("a", container("web", 2));
    private static final Windows EVENING = daily("20:00", "22:00");
    private static final Windows NIGHT = daily("02:00", "04:00");
    private static final UpdateWindows BOTH = new UpdateWindows(Optional.of(EVENING), Optional.of(NIGHT));
    private static final Schedule WINDOWS = of(BOTH, Map.of());

    private static final Instant NOON = at("2026-06-10T12:00:00Z");
    private static final Instant FETCHING = at("2026-06-10T20:00:00Z");
    private static final Instant BETWEEN = at("2026-06-10T23:00:00Z");
    private static final Instant SWITCHING = at("2026-06-11T02:00:00Z");
    private static final Instant MORNING = at("2026-06-11T08:00:00Z");

    @AutoClose
    private final EngineBench bench;

    UpdateWindowsTest(@TempDir Path data) {
        bench = new EngineBench(data);
        bench.committed(ONE);
        bench.time(NOON);
        bench.engine().follow(WINDOWS);
    }

    @Test
    void looksWhenAWindowOpensThoughNothingElseHappens() {
        bench.offer(TWO);
        bench.time(FETCHING);
        awaits(new Wait("a", Opening.SWITCH, millis(SWITCHING)));
        bench.time(SWITCHING.minusMillis(400));
        bench.settle();
        assertThat(bench.containers.calls).containsExactly("start a:1");

        bench.passUnnoticed(Duration.ofMillis(400));

        bench.awaitOutcome(2, Result.COMMITTED);
    }

    @Test
    void fetchesInTheOneWindowAndSwitchesInTheOther() {
        bench.offer(TWO);
        awaits(new Wait("a", Opening.FETCH, millis(FETCHING)));
        bench.settle();
        assertThat(bench.images.fetched).hasSize(1);

        bench.time(FETCHING);
        awaits(new Wait("a", Opening.SWITCH, millis(SWITCHING)));
        assertThat(bench.images.fetched).hasSize(2);
        assertThat(revision().step()).contains("wait for the switch window of a, which opens 2026-06-11T02:00:00Z");

        bench.time(BETWEEN);
        bench.settle();
        assertThat(bench.containers.calls).containsExactly("start a:1");

        bench.time(SWITCHING);
        bench.awaitOutcome(2, Result.COMMITTED);
        assertThat(revision().waits()).isEmpty();
    }

    @Test
    void fetchThatIsUnderWayWhenItsWindowClosesIsFinished() {
        bench.images.hold(image("web2"));
        bench.time(FETCHING);
        bench.offer(TWO);
        bench.awaitPhase(Phase.FETCHING);

        bench.time(BETWEEN);
        bench.settle();
        bench.images.letGo(image("web2"));

        awaits(new Wait("a", Opening.SWITCH, millis(SWITCHING)));
    }

    @Test
    void trialThatIsUnderWayWhenTheWindowClosesIsFinished() {
        fetched(workload("a", container("web", 2, RestartPolicy.ALWAYS, 30)));
        bench.time(SWITCHING);
        bench.awaitPhase(Phase.ON_TRIAL);

        bench.time(MORNING);
        bench.settle();
        assertThat(revision().phase()).isEqualTo(Phase.ON_TRIAL);

        bench.passUntil(() -> revision().current() == 2);
    }

    @Test
    void daemonThatDiesAmidASwitchGoesOnWithItAfterTheWindow() {
        fetched(workload("a", container("web", 2, RestartPolicy.ALWAYS, 30)));
        bench.time(SWITCHING);
        bench.awaitPhase(Phase.ON_TRIAL);

        bench.restart();
        bench.time(MORNING);

        bench.passUntil(() -> revision().current() == 2);
    }

    @Test
    void windowsHoldAfterARebootWithoutTheCloudAndWhatIsCommittedIsStartedAtOnce() {
        fetched(TWO);

        bench.reboot();

        await().until(() -> bench.containers.forms().equals(ONE.containers()));
        awaits(new Wait("a", Opening.SWITCH, millis(SWITCHING)));
        bench.settle();
        assertThat(bench.containers.forms()).isEqualTo(ONE.containers());
        bench.time(SWITCHING);
        await().until(() -> revision().current() > 1);
        assertThat(bench.images.fetched).hasSize(2);
    }

    @Test
    void everyWindowIsClosedWhileNobodyKnowsWhatTimeItIsAndNothingElseWaits() {
        bench.forgetTime();
        bench.offer(TWO);
        awaits(new Wait("a", Opening.FETCH, Optional.empty()));
        bench.reboot();
        await().until(() -> bench.containers.forms().equals(ONE.containers()));

        bench.time(FETCHING);
        awaits(new Wait("a", Opening.SWITCH, millis(SWITCHING)));
        bench.time(SWITCHING);
        await().until(() -> revision().current() > 1);
    }

    @Test
    void failedVersionIsTakenBackAfterTheWindow() {
        fetched(workload("a", checked("web", 2, 30)));
        bench.time(SWITCHING);
        bench.awaitPhase(Phase.ON_TRIAL);
        bench.time(MORNING);

        bench.containers.health("a", Health.UNHEALTHY, "HTTP 500");

        bench.awaitOutcome(2, Result.ROLLED_BACK);
        await().until(() -> bench.containers.forms().equals(ONE.containers()));
    }

    @Test
    void updateThatIsCalledOffAmidItsTrialGoesBackWithoutWaiting() {
        fetched(workload("a", container("web", 2, RestartPolicy.ALWAYS, 30)));
        bench.time(SWITCHING);
        bench.awaitPhase(Phase.ON_TRIAL);
        bench.time(MORNING);

        bench.offer(ONE);

        bench.awaitOutcome(2, Result.SUPERSEDED);
        await().until(() -> bench.containers.forms().equals(ONE.containers()));
    }

    @Test
    void evenNewerVersionWaitsForTheNextWindowAndTheTrialOfTheOneBeforeIsFinished() {
        fetched(workload("a", container("web", 2, RestartPolicy.ALWAYS, 30)));
        bench.time(SWITCHING);
        bench.awaitPhase(Phase.ON_TRIAL);
        bench.time(MORNING);

        bench.offer(workload("a", container("web", 3)));
        bench.passUntil(() -> revision().current() == 2);

        awaits(new Wait("a", Opening.FETCH, millis(at("2026-06-11T20:00:00Z"))));
        bench.settle();
        assertThat(bench.containers.calls).endsWith("start a:2");
    }

    @Test
    void updateThatOnlyWaitedForALockIsNotBegunByTheNextDaemonOutsideOfTheWindow() {
        bench.containers.locked.add("a");
        fetched(TWO);
        bench.time(SWITCHING);
        bench.awaitPhase(Phase.PUT_OFF);

        bench.time(MORNING);
        bench.restart();

        awaits(new Wait("a", Opening.SWITCH, millis(at("2026-06-12T02:00:00Z"))));
        bench.containers.locked.clear();
        bench.settle();
        assertThat(bench.containers.calls).containsExactly("start a:1");
        bench.time(at("2026-06-12T02:00:00Z"));
        await().until(() -> revision().current() > 1);
    }

    @Test
    void updateThatOnlyWaitsForALockWhenTheWindowClosesIsPutOffToTheNext() {
        bench.containers.locked.add("a");
        fetched(TWO);
        bench.time(SWITCHING);
        bench.awaitPhase(Phase.PUT_OFF);

        bench.time(MORNING);
        awaits(new Wait("a", Opening.SWITCH, millis(at("2026-06-12T02:00:00Z"))));
        bench.containers.locked.clear();
        bench.settle();
        assertThat(bench.containers.calls).containsExactly("start a:1");

        bench.time(at("2026-06-12T02:00:00Z"));
        await().until(() -> revision().current() > 1);
    }

    @Test
    void limitOfALockIsReachedOverWindowsThatAreShorter() {
        bench.containers.locked.add("a");
        fetched(workload("a", ruled(container("web", 2), locking(Duration.ofHours(3)))));
        bench.time(SWITCHING);
        bench.awaitPutOff();
        bench.pass(7000);
        bench.awaitWaited("a", 7000);
        bench.time(MORNING);
        awaits(new Wait("a", Opening.SWITCH, millis(at("2026-06-12T02:00:00Z"))));

        bench.time(at("2026-06-12T02:00:00Z"));
        bench.awaitPutOff();
        bench.pass(3790);
        bench.settle();
        assertThat(bench.containers.calls).containsExactly("start a:1");
        bench.pass(10);

        await().until(() -> revision().current() > 1);
    }

    @Test
    void containerWithAWindowOfItsOwnKeepsNoOtherWaiting() {
        bench.engine().follow(of(UpdateWindows.ALWAYS, Map.of("a", BOTH)));

        bench.offer(workload("a", container("web", 2), "b", container("db", 1)));

        await().until(() -> bench.containers.forms().containsKey("b"));
        awaits(new Wait("a", Opening.FETCH, millis(FETCHING)));
        assertThat(bench.containers.forms())
                .isEqualTo(workload("a", container("web", 1), "b", container("db", 1))
                        .containers());
    }

    @Test
    void urgentChangeDoesNotWait() {
        bench.offer(TWO);
        awaits(new Wait("a", Opening.FETCH, millis(FETCHING)));

        bench.engine()
                .follow(new Schedule(
                        "UTC",
                        BOTH,
                        Map.of(),
                        0,
                        Map.of("a", NOON.plusSeconds(3600).toEpochMilli())));

        bench.awaitOutcome(2, Result.COMMITTED);
    }

    @Test
    void changeOfWindowsAloneIsNoNewRevision() {
        bench.engine().follow(Schedule.ALWAYS);
        bench.settle();

        assertThat(revision().current()).isEqualTo(1);
        assertThat(bench.containers.calls).containsExactly("start a:1");
    }

    /** Offered and fetched in its window; now it waits to be switched to. */
    private void fetched(Workload workload) {
        bench.time(FETCHING);
        bench.offer(workload);
        awaits(new Wait("a", Opening.SWITCH, millis(SWITCHING)));
        bench.time(BETWEEN);
    }

    private static UpdateRules locking(Duration limit) {
        return new UpdateRules(
                Strategy.STOP_THEN_START,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Math.toIntExact(limit.toSeconds()));
    }

    private RevisionStatus revision() {
        return bench.engine().standing().revision();
    }

    private void awaits(Wait wait) {
        await().until(() -> revision().phase() == Phase.AWAITING_WINDOW
                && revision().waits().equals(Optional.of(new WindowWaits(List.of(wait)))));
    }

    private static Schedule of(UpdateWindows node, Map<String, UpdateWindows> containers) {
        return new Schedule("UTC", node, containers, 0, Map.of());
    }

    private static Windows daily(String start, String end) {
        return new Windows(
                List.of(new DailyWindow(
                        List.of(DayOfWeek.values()),
                        LocalTime.parse(start),
                        Optional.of(LocalTime.parse(end)),
                        Optional.empty())),
                List.of());
    }

    private static Optional<Long> millis(Instant at) {
        return Optional.of(at.toEpochMilli());
    }

    private static Instant at(String time) {
        return Instant.parse(time);
    }
}
