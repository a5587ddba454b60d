package io.skerry.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.lab.Breakage;
import io.skerry.lab.Lab;
import io.skerry.lab.SampleImage;
import io.skerry.lab.VirtualDevice;
import io.skerry.spec.Digest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The real daemon on a disk that begins to fail and gets well again while it runs: what is committed isn't lost, nothing runs
 * half, what is wrong is told, and in the end the update is made without a person.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FaultyDiskIT {
    private static final String SERVICE = "disk";
    private static final int MOST_UPDATES = 6;

    private Fleet fleet;
    private VirtualDevice device;
    private String instance;

    /** The newest of the service; the one that runs, at the beginning of each test. */
    private int version;

    @BeforeAll
    void startFleet() {
        Assumptions.assumeTrue(Lab.missing().isEmpty(), Lab.missing());
        fleet = new Fleet("disk");
        device = fleet.device(0);
        instance = fleet.api().addInstance(newVersion(), fleet.node(device));
        fleet.awaitHealthy(instance, version);
    }

    @BeforeEach
    void beginWithANewVersionAfterATestThatFailed() {
        if (!isUpdated()) {
            newVersion();
            fleet.awaitHealthy(instance, version);
        }
    }

    @AfterAll
    void endFleet() {
        if (fleet != null) {
            fleet.close();
        }
    }

    @Test
    void updateThatTheDiskDoesntTakeWaitsUntilItDoes() {
        long process = fleet.program(device, instance).pid();
        try (FaultyDisk disk = FaultyDisk.failing(daemon(), seen(), "1+")) {
            newVersion();

            awaitProblem("disk.failed");
            long failures = disk.failures();
            Fleet.waiting().until(() -> disk.failures() > failures);
            assertThat(fleet.program(device, instance).pid()).isEqualTo(process);
            assertOneRunsWhole();
        }
        assertUpdated();
    }

    @Test
    void updateThatTheDiskHasNoRoomForWaitsUntilItHas() {
        long process = fleet.program(device, instance).pid();
        try (FaultyDisk disk = FaultyDisk.full(daemon(), seen())) {
            newVersion();

            awaitProblem("disk.full");
            long failures = disk.failures();
            Fleet.waiting().until(() -> disk.failures() > failures);
            assertThat(fleet.program(device, instance).pid()).isEqualTo(process);
            assertOneRunsWhole();
        }
        assertUpdated();
    }

    /** @param when strikes in the midst of taking up, fetching, unpacking or switching */
    @ParameterizedTest
    @ValueSource(strings = {"4+", "2+3"})
    void diskThatFailsInTheMidstOfAnUpdateLeavesOneVersionRunning(String when) {
        try (FaultyDisk disk = FaultyDisk.failing(daemon(), seen(), when)) {
            // The calls of each thread count, so a late fault may strike only what the next update does.
            for (int i = 0; i < MOST_UPDATES && disk.failures() == 0; i++) {
                newVersion();
                Fleet.waiting().until(() -> disk.failures() >= 3 || isUpdated());
                assertOneRunsWhole();
            }
            assertThat(disk.failures()).isPositive();
        }
        assertUpdated();
    }

    private boolean isUpdated() {
        return fleet.instance(instance).runningVersion().equals(Optional.of(version))
                && fleet.instance(instance).healthy();
    }

    @Test
    void versionWhoseCommitTheDiskDoesntTakeRunsOnAndIsCommittedLater() {
        // Long enough for strace to come before the commit.
        newVersion(20);
        fleet.awaitState(instance, "trial");
        try (FaultyDisk disk = FaultyDisk.failing(daemon(), seen(), "1+")) {
            awaitProblem("disk.failed");
            assertThat(disk.failures()).isPositive();
            assertOneRunsWhole();
        }
        assertUpdated();
        long process = fleet.program(device, instance).pid();

        device.kill();
        device.start();

        assertUpdated();
        assertThat(fleet.program(device, instance).pid()).isEqualTo(process);
    }

    @Test
    void daemonThatStartsOnAFailingDiskKeepsWhatRuns() {
        long process = fleet.program(device, instance).pid();
        device.kill();
        try (FaultyDisk disk = FaultyDisk.failingFromTheStart(device, seen())) {
            newVersion();

            awaitProblem("disk.failed");
            assertThat(disk.failures()).isPositive();
            assertThat(fleet.program(device, instance).pid()).isEqualTo(process);
            assertOneRunsWhole();
        }
        assertUpdated();
    }

    @Test
    void layerThatTheDiskHasSpoiltIsFetchedAgainWhenItsContainerFails() throws IOException {
        Path script = unpackedScript();
        byte[] whole = Files.readAllBytes(script);
        Files.write(script, new byte[whole.length]);

        fleet.program(device, instance).destroyForcibly();

        Fleet.waiting()
                .ignoreExceptions()
                .untilAsserted(() -> assertThat(script).hasBinaryContent(whole));
        assertUpdated();
    }

    /** The program of the version that runs, as it lies unpacked on the device. */
    private Path unpackedScript() throws IOException {
        try (Stream<Path> layers = Files.list(device.data().resolve("content/layers"))) {
            return layers.filter(f -> !f.getFileName().toString().contains("."))
                    .map(f -> f.resolve("app/hello"))
                    .filter(Files::exists)
                    .filter(f -> Shell.file(f.toString()).contains("version=" + version + "\n"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private String newVersion() {
        return newVersion(2);
    }

    private String newVersion(int probationSeconds) {
        version++;
        // A daemon that is traced asks slowly, which is no fault of the container.
        Map<String, ?> health = Map.of(
                "http", Map.of("port", SampleImage.PORT), "interval_seconds", 1, "timeout_seconds", 20, "retries", 10);
        return fleet.importVersion(
                SERVICE, version, Breakage.NONE, Map.of("probation_seconds", probationSeconds, "health", health));
    }

    private void awaitProblem(String code) {
        Fleet.waiting()
                .untilAsserted(() -> assertThat(problems())
                        .as("problems, while %s; the daemon: %s", fleet.instance(instance), fleet.lastWords(device))
                        .contains(code));
    }

    /** What the operator reads; the device's own file may be one of those that can't be written. */
    private List<String> problems() {
        return fleet.problems(device);
    }

    private void assertOneRunsWhole() {
        Fleet.waiting()
                .ignoreExceptions()
                .untilAsserted(() -> assertThat(fleet.page(device, instance))
                        .containsAnyOf("version " + (version - 1), "version " + version));
        assertThat(containers()).hasSize(1);
    }

    private void assertUpdated() {
        fleet.awaitHealthy(instance, version);
        Fleet.waiting().untilAsserted(() -> assertThat(problems()).isEmpty());
        assertThat(fleet.page(device, instance)).contains("version " + version);
        assertThat(containers()).hasSize(1);
        try (Stream<Path> files = Files.walk(device.data().resolve("content/blobs"))) {
            assertThat(files.filter(Files::isRegularFile))
                    .isNotEmpty()
                    .allSatisfy(blob -> assertThat(
                                    Digest.of(Files.readAllBytes(blob)).hex())
                            .isEqualTo(blob.getFileName().toString()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private long daemon() {
        return device.daemon().orElseThrow().pid();
    }

    private Path seen() {
        return fleet.folder().resolve("strace");
    }

    /** The groups of the instance's containers in which something runs. */
    private Set<String> containers() {
        return device.containerProcesses().stream()
                .flatMap(p -> Shell.file("/proc/" + p.pid() + "/cgroup").lines())
                .map(line -> line.substring(line.lastIndexOf(':') + 1))
                .filter(group -> group.contains("/" + instance))
                .collect(Collectors.toSet());
    }
}
