package io.skerry.device.container;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CgroupsTest {
    @TempDir
    private Path root = Path.of("");

    private void file(String path, String content) throws IOException {
        Path file = root.resolve(path);
        Files.createDirectories(file.resolveSibling("."));
        Files.writeString(file, content);
    }

    @Test
    void readsTheUnifiedTree() throws IOException {
        file("cgroup.controllers", "cpuset cpu io memory pids\n");
        file("skerry/s/one/memory.events", "low 0\nhigh 0\nmax 12\noom 2\noom_kill 1\noom_group_kill 0\n");

        Cgroups cgroups = Cgroups.at(root);

        assertThat(cgroups.version()).isEqualTo(2);
        assertThat(cgroups.oomKills("/skerry/s/one")).isEqualTo(1);
        assertThat(cgroups.oomKills("/skerry/s/gone")).isZero();
    }

    @Test
    void readsTheTreesOfVersionOne() throws IOException {
        file("memory/memory.memsw.limit_in_bytes", "1");
        file("memory/skerry/s/one/memory.oom_control", "oom_kill_disable 0\nunder_oom 0\noom_kill 3\n");
        Files.createDirectories(root.resolve("pids/skerry/s"));
        Files.createDirectories(root.resolve("cpu/skerry/s/two"));

        Cgroups cgroups = Cgroups.at(root);
        cgroups.removeEmpty("/skerry/s");

        assertThat(cgroups.version()).isEqualTo(1);
        assertThat(cgroups.limitsSwap()).isTrue();
        assertThat(cgroups.oomKills("/skerry/s/one")).isEqualTo(3);
        assertThat(root.resolve("pids/skerry/s")).doesNotExist();
        assertThat(root.resolve("cpu/skerry/s/two")).exists();
    }

    @Test
    void knowsWhenMemoryCannotBeLimited() throws IOException {
        assertThat(Cgroups.at(root).version()).isZero();
        file("cgroup.controllers", "cpu pids\n");
        assertThat(Cgroups.at(root).version()).isZero();
    }
}
