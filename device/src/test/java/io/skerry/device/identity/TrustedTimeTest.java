package io.skerry.device.identity;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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
    void anAnswerThatWasOnItsWayForAWhileDoesntPutTheTimeBack() {
        var time = open();
        time.told(MARCH, Instant.MAX);

        time.told(MARCH.minus(Duration.ofMinutes(10)), Instant.MAX);

        assertThat(time.instant()).isEqualTo(MARCH);
    }

    @Test
    void aCloudThatWasWrongMayTellAnEarlierTimeWhichIsKept() {
        var time = open();
        time.told(MARCH.plus(Duration.ofDays(4 * 365)), Instant.MAX);

        time.told(MARCH, Instant.MAX);

        assertThat(time.instant()).isEqualTo(MARCH);
        system.set(Instant.EPOCH);
        assertThat(open().instant()).isEqualTo(MARCH);
    }

    @Test
    void aTimeAfterTheEndOfTheCertificateByWhichItCameIsNotBelieved() {
        var time = open();

        time.told(MARCH.plus(Duration.ofDays(9)), MARCH.plus(Duration.ofDays(8)));

        assertThat(time.instant()).isEqualTo(MARCH);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1970-01-01T00:00:00Z", "2025-12-31T23:59:59Z", "+10000-01-01T00:00:00Z"})
    void aTimeThatCantBeIsNotBelieved(String told) {
        var time = open();

        time.told(Instant.parse(told), Instant.MAX);

        assertThat(time.instant()).isEqualTo(MARCH);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"1970-01-01T00:00:00Z", "2016-03-01T00:00:00Z", "2036-03-01T00:00:00Z", "2038-01-19T03:14:08Z"})
    void whereTheClockCantBeBelievedTheTimeGoesOnNevertheless(String clock) {
        open().told(MARCH, Instant.MAX);
        system.set(Instant.parse(clock));
        var time = open();

        nanos.addAndGet(Duration.ofHours(5).toNanos());

        assertThat(time.instant()).isEqualTo(MARCH.plus(Duration.ofHours(5)));
        assertThat(time.proven()).isEqualTo(MARCH.plus(Duration.ofHours(5)));
    }

    @ParameterizedTest
    @ValueSource(longs = {-3650, -200, 200, 3650})
    void aClockThatJumpsWhileTheDaemonRunsMovesNothing(long days) {
        var time = open();
        time.told(MARCH, Instant.MAX);

        system.set(MARCH.plus(Duration.ofDays(days)));
        nanos.addAndGet(Duration.ofMinutes(1).toNanos());

        assertThat(time.instant()).isEqualTo(MARCH.plus(Duration.ofMinutes(1)));
        assertThat(time.proven()).isEqualTo(MARCH.plus(Duration.ofMinutes(1)));
    }

    @Test
    void aClockThatIsBelievedProvesNothing() {
        open().told(MARCH, Instant.MAX);
        system.set(MARCH.plus(Duration.ofDays(200)));

        var time = open();

        assertThat(time.instant()).isEqualTo(MARCH.plus(Duration.ofDays(200)));
        assertThat(time.proven()).isEqualTo(MARCH);
    }

    @Test
    void nothingHasEndedForSureAfterADayWithoutTheCloud() {
        var time = open();
        time.told(Instant.parse("2038-01-19T03:14:08Z"), Instant.MAX);

        nanos.addAndGet(TrustedTime.LOST.toNanos());
        assertThat(time.proven()).isAfter("2038-01-20T00:00:00Z");

        nanos.addAndGet(1);
        assertThat(time.proven()).isEqualTo(TrustedTime.FLOOR);

        time.told(MARCH, Instant.MAX);
        assertThat(time.proven()).isEqualTo(MARCH);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "yesterday",
                "\u0000",
                "+999999999-12-31T23:59:59Z",
                "1970-01-01T00:00:00Z",
                "2926-13-01T00:00:00Z"
            })
    void whatIsKeptAndMakesNoSenseIsPassedOver(String kept) throws IOException {
        Files.writeString(data.resolve("last-good-time"), kept);
        system.set(Instant.EPOCH);

        assertThat(open().instant()).isEqualTo(TrustedTime.FLOOR);
    }

    @Test
    void whatCantBeReadIsPassedOver() throws IOException {
        Files.createDirectory(data.resolve("last-good-time"));

        assertThat(open().instant()).isEqualTo(MARCH);
    }

    private TrustedTime open() {
        return TrustedTime.open(data, system::get, nanos::get);
    }
}
