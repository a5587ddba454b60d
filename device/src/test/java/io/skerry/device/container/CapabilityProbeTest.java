package io.skerry.device.container;

import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.spec.Architecture;
import io.skerry.spec.status.Capabilities;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CapabilityProbeTest {
    @TempDir
    private Path folder = Path.of("");

    private void program(String name) throws IOException {
        Files.createFile(
                folder.resolve(name),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
    }

    private CapabilityProbe probe() {
        ContainerSettings settings =
                new ContainerSettings(folder, "t", "runc", "conmon", folder.resolve("tini"), 1 << 20);
        return new CapabilityProbe(settings, List.of(folder), folder.resolve("cgroup"));
    }

    @Test
    void namesWhatIsMissing() throws IOException {
        program("runc");

        assertThat(probe().missing()).containsExactly("conmon", "tini");
        assertThat(probe().capabilities(Architecture.AMD64).runtimes()).isEmpty();
    }

    @Test
    void netChecksNeedTheirTools() throws IOException {
        for (String name : List.of("runc", "conmon", "tini")) {
            program(name);
        }
        assertThat(probe().capabilities(Architecture.ARM64).features())
                .containsExactly(
                        "volumes",
                        "health-exec",
                        "logs",
                        "groups",
                        "ready-word",
                        "goal-seconds",
                        "update-rules",
                        "recovery",
                        "volume-care",
                        "windows",
                        "config-files");

        program("nsenter");
        program("busybox");
        Files.createDirectories(folder.resolve("cgroup/memory"));

        Capabilities all = probe().capabilities(Architecture.ARM64);
        assertThat(all.features()).contains("health-http", "health-tcp");
        assertThat(all.runtimes()).containsExactly("runc");
        assertThat(all.networkModes()).containsExactly("disabled");
        assertThat(all.cgroup()).isEqualTo(1);
    }
}
