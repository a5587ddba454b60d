package io.skerry.device.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.skerry.spec.Problem;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WatchIT {
    private static final Duration LIMIT = Duration.ofMinutes(3);

    @TempDir
    Path folder;

    private final AtomicLong nanos = new AtomicLong();
    private NotifySocket socket;
    private Watch watch;
    private LifeSign engine;

    @BeforeEach
    void begin() throws IOException {
        socket = new NotifySocket(folder.resolve("notify").toString());
        watch = new Watch(nanos::get, service("60000000"), Optional.empty());
        engine = watch.expect("the engine", LIMIT);
        watch.ready("Runs as edge-1");
    }

    @AfterEach
    void end() {
        watch.close();
        socket.close();
    }

    @Test
    void beatsAtAThirdOfTheTime() {
        assertThat(watch.turn()).isEqualTo(Duration.ofSeconds(20));
        assertThat(watch("30000000").turn()).isEqualTo(Duration.ofSeconds(10));
        assertThat(watch("3600000000").turn()).isEqualTo(Duration.ofSeconds(20));
        assertThat(watch("1").turn()).isEqualTo(Duration.ofMillis(100));
    }

    @Test
    void theHardwaresTimeCountsAsWell() {
        var hardware = new HardwareWatchdog(folder.resolve("none"), Duration.ofSeconds(15), nanos::get);

        assertThat(new Watch(nanos::get, service("60000000"), Optional.of(hardware)).turn())
                .isEqualTo(Duration.ofSeconds(5));
    }

    @Test
    void beatsAsLongAsAllMove() {
        for (int turn = 1; turn <= 30; turn++) {
            pass(Duration.ofSeconds(20));
            engine.waits(Duration.ofSeconds(60));
            watch.turn();
            int sent = turn;
            await().untilAsserted(() -> assertThat(beats()).isEqualTo(sent));
        }

        assertThat(watch.problems()).isEmpty();
    }

    @Test
    void sendsNoBeatWhileAPartIsSilentAndSaysWhy() {
        watch.turn();
        pass(LIMIT.plusSeconds(1));
        watch.turn();
        watch.turn();

        String words = "A part of the daemon, the engine, has shown no sign of life for 181 s.";
        await().untilAsserted(() -> assertThat(heard()).containsExactly("WATCHDOG=1", "STATUS=" + words));
        assertThat(watch.problems()).singleElement().satisfies(p -> {
            assertThat(p.code()).isEqualTo("daemon.silent");
            assertThat(p.message()).isEqualTo(words);
        });
    }

    @Test
    void beatsAgainWhenThePartMovesAgain() {
        pass(LIMIT.plusSeconds(1));
        watch.turn();

        engine.shown();
        watch.turn();

        await().untilAsserted(() -> assertThat(heard()).hasSize(3).endsWith("STATUS=Runs as edge-1", "WATCHDOG=1"));
        assertThat(watch.problems()).isEmpty();
    }

    @Test
    void aStartThatDoesntEndIsASilentPartToo() {
        watch = watch("60000000");

        pass(Duration.ofMinutes(10).plusSeconds(1));
        watch.turn();

        assertThat(watch.problems())
                .extracting(Problem::sentence)
                .singleElement()
                .satisfies(s -> assertThat(s).contains("the start"));
    }

    @Test
    void systemdThatDoesntWatchGetsNoBeatsButHearsOfStartAndEnd() {
        watch = watch("0");

        watch.turn();
        watch.ready("Runs as edge-2");
        watch.ending();

        await().untilAsserted(() ->
                assertThat(heard()).containsExactly("READY=1", "STATUS=Runs as edge-2", "STATUS=Ending", "STOPPING=1"));
    }

    @Test
    void aWatchdogThatCantBeUsedIsAProblemAndNoReasonNotToStart() {
        Watch begun = Watch.begin(
                Map.of(),
                1,
                Optional.of(new Watch.Hardware(folder.resolve("none"), Duration.ofSeconds(30))),
                System::nanoTime);
        try (begun) {
            assertThat(begun.problems()).extracting(Problem::code).containsExactly("watchdog.unusable");
        }
    }

    @Test
    void itsOwnThreadBeats() {
        Watch begun = Watch.begin(environment("300000"), 1, Optional.empty(), System::nanoTime);
        try (begun) {
            await().until(() -> beats() >= 3);
        }
    }

    private Watch watch(String micros) {
        return new Watch(nanos::get, service(micros), Optional.empty());
    }

    private Optional<ServiceNotice> service(String micros) {
        return ServiceNotice.of(environment(micros), 1);
    }

    private Map<String, String> environment(String micros) {
        return Map.of("NOTIFY_SOCKET", socket.name(), "WATCHDOG_USEC", micros);
    }

    /** After what {@link #begin} said. */
    private List<String> heard() {
        return socket.heard().stream().skip(2).toList();
    }

    private long beats() {
        return socket.heard().stream().filter("WATCHDOG=1"::equals).count();
    }

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }
}
