package io.skerry.device.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.device.filesystem.Mounts;
import io.skerry.device.host.CommandResult;
import io.skerry.device.host.HostCommand;
import io.skerry.device.host.HostCommands;
import io.skerry.device.revision.Volumes.VolumeId;
import io.skerry.spec.desired.VolumeMount;
import io.skerry.spec.status.VolumeReports.Method;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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
    void aRecordThatTheDiskDoesNotReadDoesNotCountAndHidesNoOther() throws IOException {
        make("web", "data");
        make("web", "more");
        volumes.snapshot(7, "web", "data");
        volumes.snapshot(7, "web", "more");
        Path record = data.resolve("volumes/before/7/web/.data.json");
        Files.delete(record);
        Files.createDirectory(record);

        assertThat(volumes.snapshots(7)).containsExactly(new VolumeId("web", "more"));
        assertThat(reopened().snapshots(7)).containsExactly(new VolumeId("web", "more"));
    }

    @ParameterizedTest
    @CsvSource({"No space left on device,disk.full", "Input/output error,disk.failed", "Broken pipe,disk.copy-failed"})
    void aCopyThatTheDiskFailsForIsToldAsTheDisksProblem(String said, String code) throws IOException {
        make("web", "data");
        Files.writeString(volume("web", "data").resolve("file"), "some");
        HostCommands failing = new HostCommands() {
            @Override
            public CommandResult run(HostCommand command) {
                return command.toString().equals("cp")
                        ? new CommandResult("cp", 1, "", "cp: error copying 'file': " + said + "\n")
                        : super.run(command);
            }
        };
        FolderVolumes onBadDisk = FolderVolumes.opened(
                new FolderVolumes(data, new Disk.Real(failing), new Mounts(failing), InstantSource.system()));

        assertProblem(code, () -> onBadDisk.snapshot(7, "web", "data"));
        assertThat(volumes.snapshots(7)).isEmpty();
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
