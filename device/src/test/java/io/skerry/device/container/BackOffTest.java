package io.skerry.device.container;

import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.spec.desired.Recovery;
import io.skerry.spec.desired.Recovery.Exhausted;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class BackOffTest {
    private static final Duration SHORT = Duration.ofSeconds(3);

    private static List<Duration> waits(Recovery recovery, int ends) {
        List<Duration> waits = new ArrayList<>();
        BackOff backOff = BackOff.none(recovery);
        for (int i = 0; i < ends; i++) {
            backOff = backOff.afterRunOf(SHORT);
            waits.add(backOff.delay());
        }
        return waits;
    }

    @Test
    void doublesUpToAMinuteUnlessItIsAskedForOtherwise() {
        assertThat(waits(Recovery.DEFAULT, 9).stream().map(Duration::toSeconds))
                .containsExactly(1L, 2L, 4L, 8L, 16L, 32L, 60L, 60L, 60L);
    }

    @Test
    void growsByTheFactorFromTheFirstDelayUpToTheMost() {
        Recovery recovery = new Recovery(0, 2, 1.5, 6, 60, Exhausted.GIVE_UP, 0);

        assertThat(waits(recovery, 5).stream().map(Duration::toMillis))
                .containsExactly(2000L, 3000L, 4500L, 6000L, 6000L);
    }

    @Test
    void noDelayStaysNoneHoweverOftenItEnds() {
        Recovery recovery = new Recovery(0, 0, 10, 60, 60, Exhausted.GIVE_UP, 0);

        assertThat(waits(recovery, 400)).containsOnly(Duration.ZERO);
    }

    @Test
    void aStableRunBeginsAnew() {
        BackOff often = new BackOff(new Recovery(7, 1, 2, 60, 20, Exhausted.GIVE_UP, 0), 7);

        assertThat(often.afterRunOf(Duration.ofSeconds(19)).givesUp()).isTrue();
        assertThat(often.afterRunOf(Duration.ofSeconds(20)).delay()).isEqualTo(Duration.ofSeconds(1));
        assertThat(often.afterRunOf(Duration.ofSeconds(20)).givesUp()).isFalse();
    }

    @Test
    void givesUpWhenTheRetriesAreUsedUp() {
        for (Exhausted exhausted : List.of(Exhausted.GIVE_UP, Exhausted.REBOOT)) {
            BackOff backOff = BackOff.none(new Recovery(2, 1, 2, 60, 60, exhausted, 0));
            BackOff second = backOff.afterRunOf(SHORT).afterRunOf(SHORT);

            assertThat(second.givesUp()).isFalse();
            assertThat(second.afterRunOf(SHORT).givesUp()).isTrue();
        }
        assertThat(new BackOff(Recovery.DEFAULT, 5000).givesUp()).isFalse();
    }

    @Test
    void orPausesAndBeginsAnew() {
        BackOff used = new BackOff(new Recovery(2, 1, 2, 60, 60, Exhausted.PAUSE, 90), 3);

        assertThat(used.givesUp()).isFalse();
        assertThat(used.delay()).isEqualTo(Duration.ofSeconds(90));
        assertThat(used.atStart().afterRunOf(SHORT).delay()).isEqualTo(Duration.ofSeconds(1));
        assertThat(new BackOff(used.recovery(), 2).atStart().ends()).isEqualTo(2);
    }

    @Test
    void theFirstRebootCostsNoWaitButALoopOfThemDoes() {
        BackOff first = BackOff.none(Recovery.DEFAULT).afterRunOf(SHORT);

        assertThat(first.delayAfterReboot()).isEqualTo(Duration.ZERO);
        assertThat(first.afterRunOf(SHORT).delayAfterReboot()).isEqualTo(Duration.ofSeconds(2));
    }
}
