package io.skerry.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.lab.Breakage;
import io.skerry.lab.Lab;
import io.skerry.lab.VirtualDevice;
import io.skerry.spec.Wire;
import io.skerry.spec.status.DeviceStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * The real daemon with a clock that is missing, wrong, or set while it runs; the cloud's is right. Containers and the host's
 * tools have the machine's clock.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ClockIT {
    private static final Duration TEN_YEARS = Duration.ofDays(3652);

    private Fleet fleet;

    @BeforeAll
    void startFleet() {
        Assumptions.assumeTrue(Lab.missing().isEmpty(), Lab.missing());
        Assumptions.assumeTrue(FakeClock.available(), "The Debian package faketime is missing.");
        fleet = new Fleet("clock");
    }

    @AfterAll
    void endFleet() {
        if (fleet != null) {
            fleet.close();
        }
    }

    @Test
    void deviceWhoseClockBeginsIn1970() throws IOException {
        lives(
                fleet.device(0),
                "epoch",
                Instant.EPOCH.plusSeconds(5),
                Instant.now().plus(TEN_YEARS));
    }

    @Test
    void deviceWhoseClockStandsIn2038() throws IOException {
        // The second after the last that 32 bits can tell comes while it enrols.
        lives(
                fleet.device(1),
                "last",
                Instant.parse("2038-01-19T03:14:06Z"),
                Instant.now().minus(TEN_YEARS));
    }

    private void lives(VirtualDevice device, String name, Instant begin, Instant jump) throws IOException {
        FakeClock clock = FakeClock.in(fleet.folder().resolve("clock-" + name), begin);
        enrolAnew(device, name, clock);
        device.start(clock.environment());
        String node = fleet.api().node(fleet.customer(), name).orElseThrow();
        String instance = fleet.api().addInstance(fleet.importVersion(name, 1, Breakage.NONE), node);
        fleet.awaitHealthy(instance, 1);
        long process = fleet.program(device, instance).pid();
        assertThat(clockOfTheLog(device)).isBetween(begin.minusSeconds(60), begin.plusSeconds(600));
        assertTellsTheTime(device);

        // In the middle of a probation, so that a clock in it would pass or fail it at once.
        fleet.importVersion(name, 2, Breakage.NONE);
        fleet.awaitState(instance, "trial");
        clock.set(jump);
        fleet.awaitHealthy(instance, 2);
        assertThat(fleet.program(device, instance).pid()).isNotEqualTo(process);

        // All connections are new, so the cloud's certificate is judged again.
        fleet.lab().cloud().kill();
        clock.set(begin);
        fleet.lab().cloud().start();
        fleet.importVersion(name, 3, Breakage.NONE);
        fleet.awaitHealthy(instance, 3);
        long last = fleet.program(device, instance).pid();

        // Months ahead: that is believable, and after the end of the cloud's certificate.
        clock.set(Instant.now().plus(Duration.ofDays(200)));
        device.stop();
        device.start(clock.environment());
        String second = fleet.api().addInstance(fleet.importVersion(name + "-more", 1, Breakage.NONE), node);
        fleet.awaitHealthy(second, 1);
        assertTellsTheTime(device);
        fleet.awaitHealthy(instance, 3);
        assertThat(fleet.program(device, instance).pid()).isEqualTo(last);
    }

    /** As a device that has never run. */
    private void enrolAnew(VirtualDevice device, String name, FakeClock clock) throws IOException {
        device.stop();
        for (String what : List.of("identity", "link", "last-good-time")) {
            delete(device.data().resolve(what));
        }
        Path token = Files.writeString(
                fleet.folder().resolve("token-" + name), fleet.api().claimToken(fleet.customer(), name));
        Shell.Result enrolled = fleet.deviceProgram(
                device,
                clock.environment(),
                "enrol",
                "--data",
                device.data().toString(),
                "--cloud",
                fleet.lab().cloud().deviceUrl().toString(),
                "--token-file",
                token.toString(),
                "--name",
                name);
        assertThat(enrolled.code()).as(enrolled.err()).isZero();
    }

    private static void delete(Path path) throws IOException {
        if (Files.exists(path)) {
            try (Stream<Path> files = Files.walk(path)) {
                files.sorted(Comparator.reverseOrder()).forEach(f -> f.toFile().delete());
            }
        }
    }

    private static Instant clockOfTheLog(VirtualDevice device) throws IOException {
        return Files.readString(device.log())
                .lines()
                .filter(line -> line.contains(" runs as "))
                .map(line -> Instant.parse(line.substring(0, line.indexOf(' '))))
                .reduce((_, last) -> last)
                .orElseThrow();
    }

    /** What the device reports is by the time that the cloud told, whatever its clock shows. */
    private static void assertTellsTheTime(VirtualDevice device) {
        Fleet.waiting().ignoreExceptions().untilAsserted(() -> {
            DeviceStatus status = Wire.read(
                    DeviceStatus.JSON, Files.readAllBytes(device.data().resolve("status.json")), "status");
            assertThat(Instant.ofEpochMilli(status.at()))
                    .isBetween(
                            Instant.now().minus(Duration.ofHours(1)),
                            Instant.now().plus(Duration.ofHours(1)));
        });
    }
}
