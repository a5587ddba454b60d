package io.skerry.device.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.device.filesystem.Mounts;
import io.skerry.spec.desired.VolumeMount;
import io.skerry.spec.status.VolumeReports.Method;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Volumes on whatever the temporary folder lies, without root. */
class FolderVolumesTest extends VolumesContract {
    @TempDir
    Path data;

    @Override
    Path data() {
        return data;
    }

    @Override
    Method method() {
        // Not known before: it is what the file system of the temporary folder can do.
        Trees trees = new Trees(new Disk.Real(COMMANDS), new Mounts(COMMANDS), data.resolve("volumes"));
        return trees.method(data);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/", "data", "/data/", "/a//b", "/a/../b", "/proc", "/proc/x", "/dev/x", "/host", "/run", "/sys"
            })
    void refusesATargetThatCanNotBeOne(String target) {
        assertProblem("container.volume", () -> volumes.create("web", VolumeMount.of("data", target), image()));
        assertThat(volumes.has("web", "data")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "..", ".hidden", "a/b", "../a", "a b"})
    void refusesANameThatLeadsElsewhere(String name) {
        assertProblem("container.volume", () -> volumes.create("web", VolumeMount.of(name, "/data"), image()));
        assertProblem("container.volume", () -> volumes.create(name, VolumeMount.of("data", "/data"), image()));
        assertProblem("container.volume", () -> volumes.remove(name));
        assertProblem("container.volume", () -> volumes.snapshot(1, "web", name));
    }

    @Test
    void aRecordThatIsDamagedDoesNotCount() throws IOException {
        make("web", "data");
        volumes.snapshot(7, "web", "data");
        Files.writeString(data.resolve("volumes/before/7/web/.data.json"), "{");

        assertThat(volumes.snapshots(7)).isEmpty();
        volumes.snapshot(7, "web", "data");
        assertThat(volumes.snapshots(7)).hasSize(1);
    }

    @Test
    void ofAVolumeThatIsNotThereNothingIsKept() {
        volumes.snapshot(7, "web", "data");

        assertThat(volumes.snapshots(7)).isEmpty();
        assertThat(volumes.snapshotBytes("web", "data")).isZero();
    }

    @Test
    void volumesMayBeNamedAsTheDaemonsOwnFilesEnd() throws IOException {
        for (String name : new String[] {"a", "a.json", "a.new", "a.restored-7", "a.given-up-7", "a.moved"}) {
            make("web", name);
            Files.writeString(volume("web", name).resolve("file"), name);
            volumes.snapshot(7, "web", name);
        }
        assertThat(volumes.snapshots(7)).hasSize(6);
        for (String name : new String[] {"a", "a.json", "a.new", "a.restored-7", "a.given-up-7", "a.moved"}) {
            Files.writeString(volume("web", name).resolve("file"), "other");
            volumes.restore(7, "web", name);
            assertThat(reopened().has("web", name)).isTrue();
            assertThat(volume("web", name).resolve("file")).hasContent(name);
        }
    }
}
