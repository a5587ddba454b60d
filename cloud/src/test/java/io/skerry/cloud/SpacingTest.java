package io.skerry.cloud;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class SpacingTest {
    private long now = Long.MAX_VALUE - 1;
    private int turns;
    private final Spacing spacing = new Spacing(() -> now);

    @Test
    void quickWorkIsDoneEachTime() {
        turn(Duration.ZERO);
        turn(Duration.ZERO);

        assertThat(turns).isEqualTo(2);
    }

    @Test
    void workThatTookLongIsLeftOutNineTimesAsLong() {
        turn(Duration.ofSeconds(5));

        now += Duration.ofSeconds(44).toNanos();
        turn(Duration.ZERO);
        assertThat(turns).isEqualTo(1);

        now += Duration.ofSeconds(1).toNanos();
        turn(Duration.ZERO);
        assertThat(turns).isEqualTo(2);
    }

    @Test
    void nothingIsLeftOutForLongerThanAMinute() {
        turn(Duration.ofHours(1));
        now += Duration.ofMinutes(1).toNanos();

        turn(Duration.ZERO);

        assertThat(turns).isEqualTo(2);
    }

    private void turn(Duration takes) {
        spacing.turn(() -> {
            turns++;
            now += takes.toNanos();
        });
    }
}
