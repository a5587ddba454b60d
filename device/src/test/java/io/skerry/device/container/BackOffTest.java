package io.skerry.device.container;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class BackOffTest {
    private static final Duration SHORT = Duration.ofSeconds(3);

    @Test
    void doublesUpToAMinute() {
        List<Long> waits = new ArrayList<>();
        BackOff backOff = BackOff.NONE;
        for (int i = 0; i < 9; i++) {
            backOff = backOff.afterRunOf(SHORT);
            waits.add(backOff.delay().toSeconds());
        }

        assertThat(waits).containsExactly(1L, 2L, 4L, 8L, 16L, 32L, 60L, 60L, 60L);
    }

    @Test
    void aStableMinuteBeginsAnew() {
        BackOff often = new BackOff(7);

        assertThat(often.afterRunOf(Duration.ofSeconds(59)).delay()).isEqualTo(Duration.ofSeconds(60));
        assertThat(often.afterRunOf(Duration.ofSeconds(60)).delay()).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void theFirstRebootCostsNoWaitButALoopOfThemDoes() {
        BackOff first = BackOff.NONE.afterRunOf(SHORT);

        assertThat(first.delayAfterReboot()).isEqualTo(Duration.ZERO);
        assertThat(first.afterRunOf(SHORT).delayAfterReboot()).isEqualTo(Duration.ofSeconds(2));
    }
}
