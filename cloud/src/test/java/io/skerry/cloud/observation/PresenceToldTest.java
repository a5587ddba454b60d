package io.skerry.cloud.observation;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class PresenceToldTest {
    private static final long NOW = 1_790_000_000_000L;

    @Test
    void aComingIsToldAtOnceAndAGoingAfterTwoMinutes() {
        assertThat(PresenceTold.NEVER.holdAt(NOW)).isEqualTo(Duration.ZERO);
        PresenceTold there = PresenceTold.NEVER.changed(NOW);
        assertThat(there.online()).isTrue();
        assertThat(there.holdAt(NOW + 1)).isEqualTo(Duration.ofMinutes(2));
    }

    @Test
    void whoGoesToAndFroIsToldLaterAndLaterUpToHalfAnHour() {
        PresenceTold told = new PresenceTold(true, NOW, 0);
        long now = NOW;
        Duration longest = Duration.ZERO;
        for (int i = 0; i < 12; i++) {
            Duration hold = told.holdAt(now);
            longest = hold.compareTo(longest) > 0 ? hold : longest;
            now += Math.max(60_000, hold.toMillis());
            told = told.changed(now);
        }

        assertThat(longest).isEqualTo(Duration.ofMinutes(32));
        assertThat(told.holdAt(now)).isEqualTo(Duration.ofMinutes(32));
    }

    @Test
    void eachQuietHourMakesUpForOneChange() {
        PresenceTold told = new PresenceTold(true, NOW, 2);

        assertThat(told.holdAt(NOW)).isEqualTo(Duration.ofMinutes(8));
        assertThat(told.holdAt(NOW + Duration.ofHours(1).toMillis())).isEqualTo(Duration.ofMinutes(4));
        assertThat(told.holdAt(NOW + Duration.ofHours(5).toMillis())).isEqualTo(Duration.ofMinutes(2));
        assertThat(told.changed(NOW + Duration.ofHours(5).toMillis()).flaps()).isZero();
    }

    @Test
    void aClockThatGoesBackShortensNothing() {
        assertThat(new PresenceTold(true, NOW, 2).holdAt(NOW - 1_000_000)).isEqualTo(Duration.ofMinutes(8));
    }
}
