package io.skerry.device.revision;

import static io.skerry.device.revision.Workloads.container;
import static io.skerry.device.revision.Workloads.image;
import static io.skerry.device.revision.Workloads.keeping;
import static io.skerry.device.revision.Workloads.workload;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.skerry.device.revision.PlanPreview.Circumstances;
import io.skerry.spec.desired.RestartPolicy;
import io.skerry.spec.desired.Workload;
import io.skerry.spec.status.HeldBack;
import io.skerry.spec.status.Outcome.Result;
import io.skerry.spec.status.RevisionStatus.Phase;
import io.skerry.spec.status.WindowWaits.Wait;
import io.skerry.spec.window.DailyWindow;
import io.skerry.spec.window.Opening;
import io.skerry.spec.window.Schedule;
import io.skerry.spec.window.UpdateWindows;
import io.skerry.spec.window.Windows;
import java.nio.file.Path;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlanPreviewTest {
    private static final Workload ONE = workload("a", container("web", 1));
    private static final Workload TWO = workload("a", container("web", 2));
    private static final Windows TWO_TO_FOUR = new Windows(
            List.of(new DailyWindow(
                    List.of(DayOfWeek.values()),
                    LocalTime.parse("02:00"),
                    Optional.of(LocalTime.parse("04:00")),
                    Optional.empty())),
            List.of());
    private static final UpdateWindows SWITCHING = new UpdateWindows(Optional.empty(), Optional.of(TWO_TO_FOUR));
    private static final Schedule FROM_TWO_TO_FOUR = new Schedule(
            "UTC", new UpdateWindows(Optional.of(TWO_TO_FOUR), Optional.of(TWO_TO_FOUR)), Map.of(), 0, Map.of());
    private static final Instant NOON = Instant.parse("2026-06-10T12:00:00Z");
    private static final Instant NIGHT = Instant.parse("2026-06-11T02:00:00Z");

    @TempDir
    Path data;

    @Test
    void tellsWhatWouldBeDoneForAnotherWorkloadAndDoesNothing() {
        try (EngineBench bench = new EngineBench(data)) {
            bench.committed(workload("a", keeping(container("web", 1))));
            await().until(() -> preview().plan().isEmpty());

            var preview = preview(workload("a", keeping(container("web", 2))));

            assertThat(preview.committed()).isEqualTo(1);
            assertThat(preview.plan().steps())
                    .extracting(Step::words)
                    .containsSubsequence("stop a", "keep volume data of a as it is", "start a");
            bench.settle();
            assertThat(bench.containers.calls).containsExactly("start a:1");
        }
    }

    @Test
    void tellsWhatWasDoneSoFarOfWhatIsBeingTried() {
        try (EngineBench bench = new EngineBench(data)) {
            bench.committed(workload("a", container("web", 1)));
            await().until(() -> preview().plan().isEmpty());
            bench.offer(workload("a", container("web", 2, RestartPolicy.ALWAYS, 30)));
            bench.awaitPhase(Phase.ON_TRIAL);

            var preview = preview();

            assertThat(preview.trying()).contains(2);
            assertThat(preview.journal())
                    .contains("done: stop a", "done: start a")
                    .endsWith("begun: watch a through their probation");
        }
    }

    @Test
    void whatFailedIsToldAndIsNoPartOfThePlan() {
        try (EngineBench bench = new EngineBench(data)) {
            bench.committed(workload("a", container("web", 1), "b", container("db", 1)));
            bench.containers.unstartable("a:2", "it has no program");
            bench.offer(workload("a", container("web", 2), "b", container("db", 1)));
            bench.awaitOutcome(2, Result.ROLLED_BACK);
            await().until(() -> preview().plan().isEmpty());

            var preview = preview();

            assertThat(preview.heldBack()).extracting(HeldBack::name).containsExactly("a");
            assertThat(preview.heldBack().getFirst().wanted().version()).isEqualTo(2);
        }
    }

    @Test
    void saysBesideEachIdWhichServiceItIs() {
        String id = "01a200a4-87c5-7d5d-b9d5-4500d31a8d7a";
        try (EngineBench bench = new EngineBench(data)) {
            bench.committed(workload(id, container("web", 1)));
            await().until(() -> preview().plan().isEmpty());

            var preview = preview(workload(id, container("web", 2), "b", container("db", 1)));

            assertThat(preview.names().in("stop " + id + ", b")).isEqualTo("stop " + id + " (web:1 to 2), b");
            assertThat(preview.names().in("look at /run/" + id + "/log")).isEqualTo("look at /run/" + id + "/log");
        }
    }

    @Test
    void saysBesideTheIdsOfTheJournalTooWhichServicesTheyAre() {
        String id = "01a200a4-87c5-7d5d-b9d5-4500d31a8d7a";
        try (EngineBench bench = new EngineBench(data)) {
            bench.committed(workload(id, container("web", 1)));
            await().until(() -> preview().plan().isEmpty());
            bench.offer(workload(id, container("web", 2, RestartPolicy.ALWAYS, 30)));
            bench.awaitPhase(Phase.ON_TRIAL);

            assertThat(preview().journal()).contains("done: start " + id + " (web:1 to 2)");
        }
    }

    @Test
    void saysWhichWindowIsWaitedForBeforeAnythingIsFetched() {
        try (EngineBench bench = new EngineBench(data)) {
            bench.committed(ONE);
            bench.time(NOON);
            bench.engine().follow(FROM_TWO_TO_FOUR);
            bench.offer(TWO);
            bench.awaitPhase(Phase.AWAITING_WINDOW);

            var preview = preview(Optional.empty(), at(NOON));

            assertThat(preview.windows()).containsExactly(new Wait("a", Opening.FETCH, millis(NIGHT)));
            assertThat(words(preview.plan())).isEmpty();
            assertThat(words(preview.afterwards()))
                    .anyMatch(w -> w.startsWith("fetch"))
                    .contains("stop a");
        }
    }

    @Test
    void whatMayBeFetchedIsFetchedBeforeAWindowIsWaitedFor() {
        try (EngineBench bench = new EngineBench(data)) {
            bench.committed(ONE);
            bench.time(NOON);
            bench.engine().follow(new Schedule("UTC", SWITCHING, Map.of(), 0, Map.of()));
            await().until(() -> preview().plan().isEmpty());

            var preview = preview(Optional.of(TWO), at(NOON));

            assertThat(preview.windows()).containsExactly(new Wait("a", Opening.SWITCH, millis(NIGHT)));
            assertThat(words(preview.plan()))
                    .anyMatch(w -> w.startsWith("fetch"))
                    .doesNotContain("stop a");
            assertThat(words(preview.afterwards()))
                    .noneMatch(w -> w.startsWith("fetch"))
                    .contains("stop a");
            assertThat(preview(Optional.of(TWO), at(NIGHT)).windows()).isEmpty();
            assertThat(words(preview(Optional.of(TWO), at(NIGHT)).plan())).contains("stop a");
            assertThat(preview(Optional.of(TWO), new Circumstances(Optional.empty(), _ -> false, Optional.empty()))
                            .windows())
                    .containsExactly(new Wait("a", Opening.FETCH, Optional.empty()));
        }
    }

    @Test
    void whatNeedNotWaitForAWindowIsDoneAndTheOtherStaysAsItIs() {
        try (EngineBench bench = new EngineBench(data)) {
            bench.committed(ONE);
            bench.engine().follow(new Schedule("UTC", UpdateWindows.ALWAYS, Map.of("a", SWITCHING), 0, Map.of()));
            await().until(() -> preview().plan().isEmpty());

            var preview = preview(Optional.of(workload("a", container("web", 2), "b", container("db", 1))), at(NOON));

            assertThat(preview.windows()).extracting(Wait::name).containsExactly("a");
            assertThat(words(preview.plan())).contains("start b").doesNotContain("stop a");
            assertThat(preview.afterwards().steps()).isEmpty();
        }
    }

    @Test
    void saysWhichLocksAreHeldAndHowLongTheyWereWaitedFor() {
        try (EngineBench bench = new EngineBench(data)) {
            bench.committed(ONE);
            await().until(() -> preview().plan().isEmpty());
            bench.containers.locked.add("a");
            bench.offer(TWO);
            bench.awaitPutOff();
            bench.pass(120);
            bench.awaitWaited("a", 120);

            var held = new Circumstances(Optional.empty(), "a"::equals, Optional.empty());

            assertThat(preview(Optional.empty(), held).locked()).containsExactly(Map.entry("a", 120L));
            assertThat(preview().locked()).isEmpty();
        }
    }

    @Test
    void whatThereIsNoRoomForIsNoPartOfThePlan() {
        try (EngineBench bench = new EngineBench(data)) {
            bench.committed(ONE);
            bench.images.tooLarge(image("map1"));
            bench.offer(
                    Workload.of(Map.of("a", container("web", 1), "b", container("map", 1), "c", container("db", 1))));
            await().until(() -> bench.containers.forms().containsKey("c"));
            await().until(() -> preview().committed() > 1);

            var preview = preview(
                    Optional.empty(),
                    new Circumstances(
                            Optional.empty(),
                            _ -> false,
                            Optional.of(bench.engine().standing().revision())));

            assertThat(preview.lacking()).extracting(HeldBack::name).containsExactly("b");
            assertThat(words(preview.plan())).noneMatch(w -> w.contains("start b"));
        }
    }

    @Test
    void saysWhyNothingCanBeFetchedWhenNothingFits() {
        try (EngineBench bench = new EngineBench(data)) {
            bench.committed(ONE);
            bench.images.tooLarge(image("web2"));
            bench.offer(TWO);
            await().until(() -> !bench.engine().standing().problems().isEmpty());
            var told = new Circumstances(
                    Optional.empty(),
                    _ -> false,
                    Optional.of(bench.engine().standing().revision()));

            assertThat(preview(Optional.empty(), told).obstacle().orElseThrow().code())
                    .isEqualTo("disk.full");
            assertThat(preview(Optional.of(ONE), told).obstacle()).isEmpty();
        }
    }

    private PlanPreview preview() {
        return preview(Optional.empty(), at(NOON));
    }

    private PlanPreview preview(Workload desired) {
        return preview(Optional.of(desired), at(NOON));
    }

    private PlanPreview preview(Optional<Workload> desired, Circumstances circumstances) {
        return PlanPreview.of(data, desired, circumstances);
    }

    private static Circumstances at(Instant time) {
        return new Circumstances(Optional.of(time), _ -> false, Optional.empty());
    }

    private static List<String> words(Plan plan) {
        return plan.steps().stream().map(Step::words).toList();
    }

    private static Optional<Long> millis(Instant at) {
        return Optional.of(at.toEpochMilli());
    }
}
