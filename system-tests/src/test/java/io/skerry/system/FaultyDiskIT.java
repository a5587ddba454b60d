package io.skerry.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.lab.Breakage;
import io.skerry.lab.Lab;
import io.skerry.lab.VirtualDevice;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The real daemon on a disk that fails when it is told to keep something; strace stands in the disk's place. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FaultyDiskIT {
    private Fleet fleet;

    @BeforeAll
    void startFleet() {
        Assumptions.assumeTrue(Lab.missing().isEmpty(), Lab.missing());
        fleet = new Fleet("faulty");
    }

    @AfterAll
    void endFleet() {
        if (fleet != null) {
            fleet.close();
        }
    }

    /** @param when which of the syncs of each thread fail, in strace's words */
    @ParameterizedTest
    @CsvSource({
        "EIO,    1+,  Input/output error",
        "EIO,    4+,  Input/output error",
        "EIO,    2+3, Input/output error",
        "ENOSPC, 1+,  No space left on device"
    })
    void whatRunsGoesOnAndTheUpdateIsMadeOnceTheDiskIsWell(String error, String when, String words) throws IOException {
        VirtualDevice device = fleet.device(0);
        String service = "disk" + error.toLowerCase(Locale.ROOT) + when.replace("+", "x");
        String instance = fleet.api().addInstance(fleet.importVersion(service, 1, Breakage.NONE), fleet.node(device));
        fleet.awaitHealthy(instance, 1);
        long process = fleet.program(device, instance).pid();
        device.stop();
        try {
            long before = Files.size(device.log());
            device.start(Map.of("SKERRY_JAVA", faulty(error, when).toString()));

            fleet.importVersion(service, 2, Breakage.NONE);
            Fleet.waiting().until(() -> logAfter(device, before).contains(words));
            Fleet.waiting()
                    .ignoreExceptions()
                    .untilAsserted(
                            () -> assertThat(fleet.page(device, instance)).containsAnyOf("version 1", "version 2"));
            assertThat(containers(device, instance)).hasSize(1);
            if (when.equals("1+")) {
                assertThat(fleet.program(device, instance).pid()).isEqualTo(process);
            }
        } finally {
            end(device);
            device.start();
        }

        fleet.awaitHealthy(instance, 2);
        assertThat(fleet.page(device, instance)).contains("version 2");
        assertThat(containers(device, instance)).hasSize(1);
        fleet.remove(instance);
    }

    /** A Java whose syncs fail. What it starts isn't followed: it is the daemon's own keeping that is looked at. */
    private Path faulty(String error, String when) throws IOException {
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        Path script = Files.createTempFile(
                fleet.folder(),
                "java",
                ".sh",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Files.writeString(script, """
                #!/bin/sh
                exec strace -D -f -b execve --seccomp-bpf -qq -o /dev/null -e trace=fsync,fdatasync \\
                  -e inject=fsync,fdatasync:error=%s:when=%s -- '%s' "$@"
                """.formatted(error, when, java));
        return script;
    }

    /** The tracer has the daemon's arguments, and ends after it. */
    private static void end(VirtualDevice device) {
        Fleet.waiting().until(() -> {
            device.kill();
            return device.daemon().isEmpty();
        });
    }

    private static String logAfter(VirtualDevice device, long begin) throws IOException {
        byte[] all = Files.readAllBytes(device.log());
        return new String(all, (int) begin, all.length - (int) begin, StandardCharsets.UTF_8);
    }

    /** The groups of the instance's containers in which something runs. */
    private static Set<String> containers(VirtualDevice device, String instance) {
        return device.containerProcesses().stream()
                .flatMap(p -> Shell.file("/proc/" + p.pid() + "/cgroup").lines())
                .map(line -> line.substring(line.lastIndexOf(':') + 1))
                .filter(group -> group.contains("/" + instance))
                .collect(Collectors.toSet());
    }
}
