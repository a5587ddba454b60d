package io.skerry.lab.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessesTest {
    @TempDir
    Path folder;

    @Test
    void aProgramIsKnownByItsNameAndItsFolder() {
        List<String> daemon =
                List.of("/x/runtime/bin/java", "-cp", "a.jar", "io.skerry.Main", "run", "--data", "/lab/a");
        assertThat(Processes.isFor(daemon, "io.skerry.Main", "/lab/a")).isTrue();
        assertThat(Processes.isFor(daemon, "io.skerry.Main", "/lab")).isTrue();
        assertThat(Processes.isFor(daemon, "io.skerry.Other", "/lab/a")).isFalse();
        assertThat(Processes.isFor(List.of("vi", "/lab/a/device.json"), "conmon", "/lab/a"))
                .isFalse();
        assertThat(Processes.isFor(List.of("/usr/bin/conmon", "-b", "/lab/ab/x"), "conmon", "/lab/a"))
                .isFalse();
        assertThat(Processes.isFor(List.of("/usr/bin/conmon", "-b", "/lab/a/x"), "conmon", "/lab/a"))
                .isTrue();
    }

    @Test
    void aDaemonIsFoundWithoutAnythingWrittenDownAndEnds() throws IOException {
        Path real = folder.toRealPath();
        Path marker = real.resolve("marker");
        RunningProcess daemon = Daemon.start(
                "", List.of("sh", "-c", "sleep 60 & wait", "sh", marker.toString()), Map.of(), folder.resolve("log"));
        try {
            assertThat(Pause.until(
                            Duration.ofSeconds(5),
                            () -> new Processes().of("sh", marker).contains(daemon)))
                    .isTrue();
            assertThat(new Processes().uses(daemon, marker)).isTrue();
            assertThat(new Processes().inUse(real)).isTrue();
            assertThat(new Processes().uses(daemon, marker.resolveSibling("mark")))
                    .isFalse();
        } finally {
            daemon.stop(Duration.ofSeconds(5));
        }
        assertThat(daemon.alive()).isFalse();
        assertThat(new Processes().of("sh", marker)).isEmpty();
    }

    @Test
    void aProcessThatBecomesAnotherProgramAgainAndAgainIsFoundAtEachLook() throws IOException {
        Path real = folder.toRealPath();
        Path marker = real.resolve("marker");
        Path one = real.resolve("one");
        Path two = real.resolve("two");
        Files.writeString(one, "exec sh " + two + " " + marker);
        Files.writeString(two, "exec sh " + one + " " + marker);
        RunningProcess chameleon =
                Daemon.start("", List.of("sh", one.toString(), marker.toString()), Map.of(), folder.resolve("log"));
        try {
            for (int look = 0; look < 100; look++) {
                assertThat(new Processes().of(List.of("one", "two"), marker)).containsExactly(chameleon);
            }
        } finally {
            chameleon.kill();
        }
    }

    @Test
    void aNumberUsedAgainIsNotTakenForTheProcess() {
        long own = ProcessHandle.current().pid();
        RunningProcess self = RunningProcess.of(own).orElseThrow();
        assertThat(self.alive()).isTrue();
        assertThat(new RunningProcess(own, self.startTicks() + 1).alive()).isFalse();
    }
}
