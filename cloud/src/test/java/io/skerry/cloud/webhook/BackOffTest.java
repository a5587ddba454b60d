package io.skerry.cloud.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class BackOffTest {
    @Test
    void eachWaitIsFourTimesTheOneBeforeUpToSixHours() {
        assertThat(IntStream.rangeClosed(1, 9)
                        .mapToObj(n -> BackOff.after(n, 0.5).toSeconds()))
                .containsExactly(5L, 20L, 80L, 320L, 1280L, 5120L, 20480L, 21600L, 21600L);
        assertThat(BackOff.after(1_000_000, 0.5)).isEqualTo(Duration.ofHours(6));
    }

    @Test
    void itIsAFifthMoreOrLess() {
        assertThat(BackOff.after(1, 0)).isEqualTo(Duration.ofSeconds(4));
        assertThat(BackOff.after(1, 1)).isEqualTo(Duration.ofSeconds(6));
    }

    @Test
    void whatGoesInOrderHoldsUpOthersForSevenMinutesOrSo() {
        long seconds = LongStream.range(1, BackOff.TRIES_IN_ORDER)
                .map(n -> BackOff.after((int) n, 0.5).toSeconds())
                .sum();

        assertThat(Duration.ofSeconds(seconds)).isBetween(Duration.ofMinutes(6), Duration.ofMinutes(8));
    }
}
