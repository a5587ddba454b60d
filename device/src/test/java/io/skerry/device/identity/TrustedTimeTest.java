package io.skerry.device.identity;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrustedTimeTest {
    private static final Instant MARCH = Instant.parse("2026-03-01T00:00:00Z");

    @TempDir
    Path data;

    private final AtomicReference<Instant> system = new AtomicReference<>(MARCH);
    private final AtomicLong nanos = new AtomicLong();

    @Test
    void believesAClockThatIsNearTheLastKnownGoodTime() {
        assertThat(open().instant()).isEqualTo(MARCH);
    }

    @Test
    void takesTheLastKnownGoodTimeForAClockThatStandsBeforeIt() {
        open().told(MARCH, Instant.MAX);
        system.set(Instant.EPOCH);

        assertThat(open().instant()).isEqualTo(MARCH);
    }

    @Test
    void takesTheLastKnownGoodTimeForAClockThatStandsInAFarFuture() {
        open().told(MARCH, Instant.MAX);
        system.set(Instant.parse("2099-01-01T00:00:00Z"));

        assertThat(open().instant()).isEqualTo(MARCH);
    }

    @Test
    void afterTheCloudToldTheTimeNoSettingOfTheClockMatters() {
        var time = open();
        time.told(MARCH, Instant.MAX);

        system.set(Instant.EPOCH);
        nanos.addAndGet(Duration.ofMinutes(3).toNanos());

        assertThat(time.instant()).isEqualTo(MARCH.plus(Duration.ofMinutes(3)));
    }

    @Test
    void theLastKnownGoodTimeNeverGoesBack() {
        var time = open();
        time.told(MARCH, Instant.MAX);

        time.told(MARCH.minus(Duration.ofDays(30)), Instant.MAX);

        assertThat(time.instant()).isEqualTo(MARCH);
    }

    @Test
    void aTimeAfterTheEndOfTheCertificateByWhichItCameIsNotBelieved() {
        var time = open();

        time.told(MARCH.plus(Duration.ofDays(9)), MARCH.plus(Duration.ofDays(8)));

        assertThat(time.instant()).isEqualTo(MARCH);
    }

    private TrustedTime open() {
        return TrustedTime.open(data, system::get, nanos::get);
    }
}
