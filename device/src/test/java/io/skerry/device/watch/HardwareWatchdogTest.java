package io.skerry.device.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skerry.spec.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With plain files, which tell what was written but know no request; the requests want a driver and a machine that may be reset. */
class HardwareWatchdogTest {
    @TempDir
    Path folder;

    private final AtomicLong nanos = new AtomicLong();

    @Test
    void aBeatIsAByteThatMeansNothingAndTheOrderlyEndIsMarked() throws IOException {
        Path file = Files.createFile(folder.resolve("watchdog"));
        WatchdogDevice device = WatchdogDevice.open(LinuxCalls.load().orElseThrow(), file);

        device.beat();
        device.beat();
        assertThat(Files.readAllBytes(file)).containsExactly(0, 0);

        device.disarm();
        assertThat(Files.readAllBytes(file)).containsExactly(0, 0, 'V');
        assertThatThrownBy(device::beat).hasMessageContaining("Bad file descriptor");
    }

    @Test
    void aFileThatIsNoWatchdogIsToldAndNotWrittenTo() throws IOException {
        Path file = Files.writeString(folder.resolve("disk"), "precious");
        HardwareWatchdog watchdog = watchdog(file);

        watchdog.beat();
        watchdog.beat();
        watchdog.disarm();

        assertThat(watchdog.problem()).hasValueSatisfying(p -> {
            assertThat(p.code()).isEqualTo("watchdog.unusable");
            assertThat(p.sentence()).contains(file + " is no watchdog");
        });
        assertThat(file).hasContent("precious");
    }

    @Test
    void aDeviceThatIsNotThereIsAProblemWithWords() {
        HardwareWatchdog watchdog = watchdog(folder.resolve("watchdog"));

        watchdog.beat();

        assertThat(watchdog.problem().map(Problem::sentence).orElse(""))
                .contains("can't be used: open: No such file or directory");
    }

    @Test
    void itIsTriedAgainAfterAMinute() throws IOException {
        Path file = folder.resolve("watchdog");
        HardwareWatchdog watchdog = watchdog(file);
        watchdog.beat();
        Files.createFile(file);

        watchdog.beat();
        assertThat(watchdog.problem().map(Problem::sentence).orElse("")).contains("No such file");

        nanos.addAndGet(Duration.ofMinutes(1).toNanos());
        watchdog.beat();
        assertThat(watchdog.problem().map(Problem::sentence).orElse("")).contains("is no watchdog");
    }

    @Test
    void aPipeThatNobodyReadsKeepsNobodyWaiting() throws Exception {
        Path pipe = folder.resolve("pipe");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();
        HardwareWatchdog watchdog = watchdog(pipe);

        watchdog.beat();

        assertThat(watchdog.problem()).isPresent();
    }

    private HardwareWatchdog watchdog(Path device) {
        return new HardwareWatchdog(device, Duration.ofSeconds(30), nanos::get);
    }
}
