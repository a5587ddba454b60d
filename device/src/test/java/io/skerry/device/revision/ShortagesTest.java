package io.skerry.device.revision;

import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.spec.Problem;
import io.skerry.spec.desired.Workload;
import io.skerry.spec.status.Outcome.Result;
import io.skerry.spec.status.Reason;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ShortagesTest {
    private static final Problem FULL = new Problem("disk.full", "There is no room.");
    private static final Problem FAILED = new Problem("disk.failed", "It can't be written.");
    private static final List<String> WEB = List.of("web");
    private static final Workload OLD = Workload.of(Map.of("web", Workloads.container("web", 1)));
    private static final Workload NEW = Workload.of(Map.of("web", Workloads.container("web", 2)));

    private final AtomicLong now = new AtomicLong();
    private final Shortages shortages = new Shortages(now::get);

    @Test
    void whatThereIsNoRoomForIsLeftAsItIsUntilItIsTriedAgain() {
        note(FULL, NEW);

        assertThat(shortages.attainable(NEW, OLD)).isEqualTo(OLD);

        now.set(shortages.nextTry());
        assertThat(shortages.attainable(NEW, OLD)).isEqualTo(NEW);
    }

    @Test
    void pausesGrowUpToHalfAnHour() {
        for (int minutes : List.of(1, 2, 4, 8, 16, 30, 30)) {
            shortages.note(WEB, NEW, Result.REFUSED, Reason.of(FULL));

            assertThat(Duration.ofNanos(shortages.nextTry() - now.get())).hasMinutes(minutes);
            now.set(shortages.nextTry());
        }
    }

    @Test
    void pausesGrowUpToADayWhereTriesInterruptWhatRuns() {
        for (int minutes : List.of(1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 1440, 1440)) {
            note(FULL, NEW);

            assertThat(Duration.ofNanos(shortages.nextTry() - now.get())).hasMinutes(minutes);
            now.set(shortages.nextTry());
        }
    }

    @Test
    void lackOfRoomIsNeverHeldAgainstTheWorkload() {
        for (int i = 0; i < 50; i++) {
            note(FULL, NEW);
        }

        assertThat(shortages.isWorthAnotherTry(WEB, NEW, FULL)).isTrue();
    }

    @Test
    void diskThatFailsInterruptsWhatRunsFiveTimesAndNoMore() {
        for (int i = 0; i < 5; i++) {
            assertThat(shortages.isWorthAnotherTry(WEB, NEW, FAILED)).isTrue();
            note(FAILED, NEW);
        }

        assertThat(shortages.isWorthAnotherTry(WEB, NEW, FAILED)).isFalse();
    }

    @Test
    void anotherFormIsTriedAsOftenAsTheFirst() {
        for (int i = 0; i < 5; i++) {
            note(FAILED, NEW);
        }

        assertThat(shortages.isWorthAnotherTry(WEB, Workload.of(Map.of("web", Workloads.container("web", 3))), FAILED))
                .isTrue();
    }

    @Test
    void failureOfTheProgramIsNotTheDisks() {
        assertThat(shortages.isWorthAnotherTry(WEB, NEW, new Problem("container.exited", "It ended.")))
                .isFalse();
    }

    private void note(Problem problem, Workload workload) {
        shortages.note(WEB, workload, Result.ROLLED_BACK, Reason.of(problem));
    }
}
