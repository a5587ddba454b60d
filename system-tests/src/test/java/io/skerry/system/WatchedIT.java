package io.skerry.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.lab.Breakage;
import io.skerry.lab.Lab;
import io.skerry.lab.VirtualDevice;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What the real daemon tells the one that watches it; socat stands in systemd's place. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WatchedIT {
    private Fleet fleet;

    @BeforeAll
    void startFleet() {
        Assumptions.assumeTrue(Lab.missing().isEmpty(), Lab.missing());
        fleet = new Fleet("watched");
    }

    @AfterAll
    void endFleet() {
        if (fleet != null) {
            fleet.close();
        }
    }

    @Test
    void systemdHearsOfStartBeatsAndEndAndContainersHearNothingOfIt() throws IOException {
        VirtualDevice device = fleet.device(0);
        String instance = fleet.api().addInstance(fleet.importVersion("told", 1, Breakage.NONE), fleet.node(device));
        fleet.awaitHealthy(instance, 1);
        device.stop();
        Path socket = fleet.folder().resolve("notify");
        Path heard = fleet.folder().resolve("heard");
        Process socat = new ProcessBuilder("socat", "-u", "UNIX-RECV:" + socket, "STDOUT")
                .redirectOutput(heard.toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try {
            Fleet.waiting().until(() -> Files.exists(socket));
            device.start(Map.of("NOTIFY_SOCKET", socket.toString(), "WATCHDOG_USEC", "3000000"));

            Fleet.waiting()
                    .untilAsserted(() -> assertThat(lines(heard))
                            .contains("READY=1", "STATUS=Runs as " + device.name())
                            .filteredOn("WATCHDOG=1"::equals)
                            .hasSizeGreaterThan(2));

            // runc would wait for the container's own READY=1 if it inherited the socket.
            fleet.importVersion("told", 2, Breakage.NONE);
            fleet.awaitHealthy(instance, 2);
            long process = fleet.program(device, instance).pid();

            device.stop();
            Fleet.waiting().untilAsserted(() -> assertThat(lines(heard)).endsWith("STATUS=Ending", "STOPPING=1"));
            assertThat(fleet.program(device, instance).pid()).isEqualTo(process);
        } finally {
            socat.destroy();
            socat.onExit().join();
            device.start();
        }
        fleet.remove(instance);
    }

    @Test
    void watchdogThatCantBeUsedIsToldAndTheDeviceRunsOn() throws IOException {
        VirtualDevice device = fleet.device(1);
        Path settings = device.data().resolve("device.json");
        String before = Files.readString(settings);
        Fleet.waiting().untilAsserted(() -> assertThat(status(device)).isNotEmpty());
        device.stop();
        Files.writeString(settings, before.replaceFirst("\\{", "{\"watchdog_device\": \"/dev/null\", "));
        try {
            device.start();

            Fleet.waiting()
                    .untilAsserted(() -> assertThat(status(device))
                            .as("status, while the daemon says: %s", fleet.lastWords(device))
                            .contains("watchdog.unusable")
                            .contains("/dev/null is no watchdog"));
            String instance =
                    fleet.api().addInstance(fleet.importVersion("unwatched", 1, Breakage.NONE), fleet.node(device));
            fleet.awaitHealthy(instance, 1);
        } finally {
            device.stop();
            Files.writeString(settings, before);
            device.start();
        }
    }

    /** What it says of itself; empty as long as it has said nothing. */
    private static String status(VirtualDevice device) throws IOException {
        Path file = device.data().resolve("status.json");
        return Files.exists(file) ? Files.readString(file) : "";
    }

    private static List<String> lines(Path file) throws IOException {
        return Files.readString(file, StandardCharsets.UTF_8).lines().toList();
    }
}
