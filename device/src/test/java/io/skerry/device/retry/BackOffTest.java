package io.skerry.device.retry;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class BackOffTest {
    private static final Duration MINUTES = Duration.ofMinutes(5);

    @Test
    void neverWaitsLongerThanItsCeilingNorLessThanATenthOfASecond() {
        var backOff = new BackOff(Duration.ofSeconds(1), MINUTES, new Random(7));

        for (int i = 0; i < 200; i++) {
            var ceiling = Duration.ofSeconds(1L << Math.min(i, 20));
            var shortest = ceiling.compareTo(MINUTES) < 0 ? ceiling : MINUTES;
            assertThat(backOff.next()).isBetween(Duration.ofMillis(100), shortest);
        }
    }

    @Test
    void spreadsDevicesThatFailedTogether() {
        var waits = Stream.iterate(1, n -> n + 1)
                .limit(1000)
                .map(seed -> {
                    var backOff = new BackOff(Duration.ofSeconds(1), MINUTES, new Random(seed));
                    for (int i = 0; i < 9; i++) {
                        backOff.next();
                    }
                    return backOff.next();
                })
                .toList();

        // Full jitter: a tenth of the devices in each tenth of the time, give or take.
        for (int tenth = 0; tenth < 10; tenth++) {
            var from = MINUTES.multipliedBy(tenth).dividedBy(10);
            var to = MINUTES.multipliedBy(tenth + 1).dividedBy(10);
            assertThat(waits.stream()
                            .filter(w -> w.compareTo(from) >= 0 && w.compareTo(to) < 0)
                            .count())
                    .as("waits from %s to %s", from, to)
                    .isBetween(50L, 160L);
        }
    }

    @Test
    void isShortAgainAfterASuccess() {
        var backOff = new BackOff(Duration.ofSeconds(1), MINUTES, new Random(7));
        for (int i = 0; i < 20; i++) {
            backOff.next();
        }

        backOff.reset();

        assertThat(backOff.next()).isLessThanOrEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void waitsAtLeastAsLongAsAsked() {
        var backOff = new BackOff(Duration.ofSeconds(1), MINUTES, new Random(7));

        assertThat(backOff.nextAfter(Duration.ofSeconds(60)))
                .isBetween(Duration.ofMillis(60_100), Duration.ofSeconds(61));
        assertThat(backOff.nextAfter(Duration.ofDays(60))).isLessThan(Duration.ofMinutes(6));
    }
}
