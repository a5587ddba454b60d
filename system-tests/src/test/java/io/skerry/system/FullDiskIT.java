package io.skerry.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.lab.Breakage;
import io.skerry.lab.Lab;
import io.skerry.lab.VirtualDevice;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A device on a real file system that is full to the last block, as a container's volume without bounds makes it. */
class FullDiskIT {
    private static final String SERVICE = "full";
    private static final String DISK = "256M";

    private Fleet fleet;
    private Path devices;
    private VirtualDevice device;

    @BeforeEach
    void startFleetOnASmallDisk() {
        Assumptions.assumeTrue(Lab.missing().isEmpty(), Lab.missing());
        fleet = new Fleet("full");
        device = fleet.device(0);
        devices = fleet.folder().resolve("lab/devices");
        Path image = fleet.folder().resolve("disk");
        Path mounted = fleet.folder().resolve("mounted");
        fleet.lab().devices().forEach(VirtualDevice::powerOff);
        Shell.output("truncate", "-s", DISK, image.toString());
        Shell.output("mkfs.ext4", "-q", "-m", "0", image.toString());
        Shell.output("mkdir", mounted.toString());
        Shell.output("mount", "-o", "loop", image.toString(), mounted.toString());
        try {
            Shell.output("cp", "-a", devices + "/.", mounted.toString());
        } finally {
            Shell.output("umount", mounted.toString());
        }
        Shell.output("mount", "-o", "loop", image.toString(), devices.toString());
        device.start();
    }

    @AfterEach
    void endFleet() {
        if (fleet == null) {
            return;
        }
        try {
            fleet.lab().devices().forEach(VirtualDevice::powerOff);
            Shell.output("umount", devices.toString());
        } finally {
            fleet.close();
        }
    }

    @Test
    void deviceWhoseDiskIsFullBootsIntoWhatItRanAndIsUpdatedOnceThereIsRoom() throws IOException {
        String instance = fleet.api().addInstance(version(1), fleet.node(device));
        fleet.awaitHealthy(instance, 1);
        Path filler = fill();

        device.reboot();

        awaitPage(instance, 1);
        version(2);
        awaitProblem("disk.full");
        awaitPage(instance, 1);
        assertThat(free()).isZero();
        device.reboot();
        awaitPage(instance, 1);

        Files.delete(filler);

        fleet.awaitHealthy(instance, 2);
        Fleet.waiting().untilAsserted(() -> assertThat(problems()).isEmpty());
    }

    private String version(int number) {
        return fleet.importVersion(SERVICE, number, Breakage.NONE, Map.of("probation_seconds", 1));
    }

    private void awaitPage(String instance, int version) {
        Fleet.waiting()
                .untilAsserted(() -> assertThat(page(instance))
                        .as("page, while the daemon says: %s", fleet.lastWords(device))
                        .contains("version " + version));
    }

    /** Empty as long as nothing serves it. */
    private String page(String instance) {
        try {
            return fleet.page(device, instance);
        } catch (RuntimeException | AssertionError e) {
            return "";
        }
    }

    private void awaitProblem(String code) {
        Fleet.waiting().untilAsserted(() -> assertThat(problems()).contains(code));
    }

    private List<String> problems() {
        return fleet.problems(device);
    }

    /** Writes until there is no room for another byte. */
    private Path fill() {
        Path filler = devices.resolve("filler");
        assertThat(Shell.run(Map.of(), List.of("dd", "if=/dev/zero", "of=" + filler, "bs=64k", "conv=fsync"))
                        .code())
                .isNotZero();
        for (String size : List.of("4k", "1k")) {
            Shell.run(
                    Map.of(),
                    List.of("dd", "if=/dev/zero", "of=" + filler, "bs=" + size, "oflag=append", "conv=notrunc,fsync"));
        }
        assertThat(free()).isZero();
        return filler;
    }

    private long free() {
        try {
            return Files.getFileStore(devices).getUsableSpace();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
