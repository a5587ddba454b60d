package io.skerry.device.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skerry.content.oci.ImageConfig;
import io.skerry.device.host.CommandResult;
import io.skerry.device.host.HostCommand;
import io.skerry.device.host.HostCommands;
import io.skerry.device.revision.Networks;
import io.skerry.device.revision.PreparedImage;
import io.skerry.device.revision.Slot;
import io.skerry.spec.ProblemException;
import io.skerry.spec.desired.Container;
import io.skerry.spec.desired.Goal;
import io.skerry.spec.desired.RestartPolicy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Containers on a disk that is full or doesn't read, without root: the runtime is a program that does nothing. */
class BadDiskTest {
    /** Each reading of it ends with an input/output error. */
    private static final Path UNREADABLE = Path.of("/proc/self/mem");

    /** Each writing to it ends for want of room. */
    private static final Path FULL = Path.of("/dev/full");

    private static final Container CONTAINER = Sandbox.container(RestartPolicy.ALWAYS);

    @TempDir
    Path data;

    private ContainerSettings settings() {
        return new ContainerSettings(data, "bad-disk", "true", "true", Path.of("/bin/true"), 1 << 20);
    }

    private RuncContainers open() {
        return RuncContainers.open(
                settings(), new HostCommands(), new NoNetworks(), "this boot", InstantSource.system());
    }

    private ContainerFolder made(String name) throws IOException {
        ContainerFolder folder = settings().folder(name);
        Files.createDirectories(folder.root());
        Records.write(folder, ContainerRecord.of(CONTAINER, image(), 0, Goal.STARTED));
        return folder;
    }

    @Test
    void recordsThatTheDiskDoesNotReadKeepNoOtherContainerFromBeingTakenUp() throws IOException {
        ContainerFolder stays = made("a");
        Files.delete(stays.record());
        Files.createDirectories(stays.record().resolve("can't be removed as a file"));
        ContainerFolder goes = made("b");
        Files.delete(goes.record());
        Files.createSymbolicLink(goes.record(), UNREADABLE);
        Files.createSymbolicLink(made("c").run(), UNREADABLE);
        made("d");

        try (RuncContainers containers = open()) {
            assertThat(containers.present()).containsOnlyKeys("c", "d");
        }

        assertThat(stays.root()).exists();
        assertThat(goes.root()).doesNotExist();
    }

    @Test
    void aStartForWhichThereIsNoRoomIsToldAsThat() throws IOException {
        ContainerFolder folder = made("one");
        try (RuncContainers containers = open()) {
            Files.createSymbolicLink(folder.root().resolve("container.json.new"), FULL);

            assertProblem("disk.full", containers, "one");
        }
    }

    @Test
    void aStartWhoseFilesTheDiskDoesNotTakeIsToldAsThat() throws IOException {
        try (RuncContainers containers = open()) {
            Files.delete(settings().containers());
            Files.createFile(settings().containers());

            assertProblem("disk.failed", containers, "one");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "No space left on device,disk.full",
        "Input/output error,disk.failed",
        "wrong fs type,container.mount-failed"
    })
    void aRootThatCanNotBeMountedBecauseOfTheDiskIsToldAsThat(String said, String code) {
        HostCommands failing = new HostCommands() {
            @Override
            public CommandResult run(HostCommand command) {
                return new CommandResult("mount", 32, "", "mount: /rootfs: " + said + ".");
            }
        };

        assertThatThrownBy(() -> new Overlay(failing).mount(settings().folder("one"), image()))
                .isInstanceOfSatisfying(
                        ProblemException.class, e -> assertThat(e.code()).isEqualTo(code));
    }

    @Test
    void aRuntimeThatTheDiskFailsForIsToldAsThat() {
        assertThat(Runc.failed("one", "mkdir /d/rootfs/x: no space left on device")
                        .code())
                .isEqualTo("disk.full");
        assertThat(Runc.failed("one", "exec /bin/sh: input/output error").code())
                .isEqualTo("disk.failed");
        assertThat(Runc.failed("one", "exec: sh: not found").code()).isEqualTo("container.start-failed");
    }

    private void assertProblem(String code, RuncContainers containers, String name) {
        assertThatThrownBy(() -> containers.start(name, Slot.MAIN, CONTAINER, Goal.MOUNTED, image()))
                .isInstanceOfSatisfying(
                        ProblemException.class, e -> assertThat(e.code()).isEqualTo(code));
    }

    private PreparedImage image() {
        ImageConfig config = new ImageConfig(
                "linux",
                "amd64",
                "",
                List.of(),
                List.of("/bin/sh"),
                Map.of(),
                "",
                "",
                "SIGTERM",
                List.of(),
                List.of(),
                Optional.empty(),
                List.of());
        return new PreparedImage(Sandbox.MANIFEST, config, data.resolve("layers"), List.of("aaa"));
    }

    private record NoNetworks() implements Networks {
        @Override
        public Path configure(String id, Container container) {
            throw new IllegalStateException("no container gets so far here");
        }

        @Override
        public boolean has(String id) {
            return false;
        }

        @Override
        public void remove(String id) {}

        @Override
        public Set<String> all() {
            return Set.of();
        }
    }
}
