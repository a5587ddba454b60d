package io.skerry.device.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skerry.content.registry.RegistryAccess;
import io.skerry.content.registry.RegistryClient;
import io.skerry.device.filesystem.LoopFileSystem;
import io.skerry.device.filesystem.Room;
import io.skerry.device.host.HostCommand;
import io.skerry.device.host.HostCommands;
import io.skerry.spec.Architecture;
import io.skerry.spec.ProblemException;
import io.skerry.spec.desired.Image;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Images on a real file system that is too small; needs root. */
class SpaceIT {
    private static final int MEGABYTE = 1 << 20;
    private static final int REVISION = 7;

    private final HostCommands commands = new HostCommands();
    private final FakeRegistry registry = new FakeRegistry();
    private LoopFileSystem disk;
    private ImageStore images;

    @BeforeEach
    void make() {
        // Without a journal and reserved blocks, so that nearly all of it is free.
        disk = LoopFileSystem.of(64L << 20, "mkfs.ext4", "-q", "-O", "^has_journal", "-m", "0");
        images = store();
    }

    private ImageStore store() {
        return new ImageStore(
                disk.root().resolve("content"),
                new RegistryClient(registry, RegistryAccess.anonymous()),
                "cloud.example:7444",
                Architecture.AMD64,
                new HostDisk(commands),
                "boot");
    }

    @AfterEach
    void unmake() {
        disk.close();
    }

    @Test
    void refusesWithFiguresAndGoesOnWhenSpaceIsFreed() throws IOException {
        Path ballast = Files.write(disk.root().resolve("ballast"), new byte[40 * MEGABYTE]);
        Image image = registry.incompressible(1, 5 * MEGABYTE, 5 * MEGABYTE);

        assertThatThrownBy(() -> images.reserve(REVISION, List.of(image), 0))
                .isInstanceOfSatisfying(ProblemException.class, e -> {
                    assertThat(e.code()).isEqualTo("disk.full");
                    assertThat(e.problem().sentence())
                            .containsPattern("needs 2\\d MB .* only 1\\d MB .* [1-9] MB are short");
                });
        assertThat(disk.root().resolve("content/reserved")).isEmptyDirectory();
        assertThat(registry.asked).as("only manifest and configuration").hasSize(2);

        Files.delete(ballast);
        images.reserve(REVISION, List.of(image), 0);
        images.fetch(image);
        images.unpack(image);
        assertThat(images.prepared(image.manifest())).isPresent();
    }

    @Test
    void whatWasReservedCanNotBeEatenByOthers() throws IOException {
        Image image = registry.incompressible(2, 6 * MEGABYTE, 6 * MEGABYTE);
        images.reserve(REVISION, List.of(image), 3 * MEGABYTE);

        eatAll();

        images.fetch(image);
        images.unpack(image);
        assertThat(images.prepared(image.manifest())).isPresent();
        assertThat(Room.free(disk.root()))
                .as("for the layers' blobs, which are gone")
                .isGreaterThan(8 * MEGABYTE);
        assertThat(Files.size(disk.root().resolve("content/reserved/" + REVISION)))
                .isEqualTo(3 * MEGABYTE);
    }

    @Test
    void withoutAReservationTheFloorIsKeptAndAFullDiskEndsTheFetchWithoutHarm() throws IOException {
        Image image = registry.incompressible(3, 6 * MEGABYTE);
        eatAll();

        assertThatThrownBy(() -> images.fetch(image))
                .isInstanceOfSatisfying(
                        ProblemException.class, e -> assertThat(e.code()).isEqualTo("disk.full"));
        Files.delete(disk.root().resolve("eaten"));
        images.fetch(image);
        images.unpack(image);
        assertThat(images.prepared(image.manifest())).isPresent();
    }

    @Test
    void aDiskThatFillsUpWhileALayerIsUnpackedLeavesWhatWasFetched() throws IOException {
        Image image = registry.incompressible(4, 6 * MEGABYTE);
        images.fetch(image);
        eatAll();

        assertThatThrownBy(() -> images.unpack(image))
                .isInstanceOfSatisfying(
                        ProblemException.class, e -> assertThat(e.code()).isEqualTo("disk.full"));

        assertThat(images.fetched(image)).isTrue();
        Files.delete(disk.root().resolve("eaten"));
        images.unpack(image);
        assertThat(images.prepared(image.manifest())).isPresent();
    }

    @Test
    void whatTheCollectorFreesCanBeReserved() throws IOException {
        Image old = registry.incompressible(5, 20 * MEGABYTE);
        Image next = registry.incompressible(6, 20 * MEGABYTE);
        images.reserve(REVISION, List.of(old), 0);
        images.fetch(old);
        images.unpack(old);
        assertThatThrownBy(() -> images.reserve(REVISION, List.of(next), 0)).isInstanceOf(ProblemException.class);

        images.collect(Set.of(next.manifest()));

        images.reserve(REVISION, List.of(next), 0);
        assertThat(images.prepared(old.manifest())).isEmpty();
    }

    /** Takes all that is free, as a container's program may. */
    private void eatAll() throws IOException {
        Path eaten = disk.root().resolve("eaten");
        commands.run(HostCommand.of("dd", "if=/dev/zero", "of=" + eaten, "bs=64k"));
        assertThat(Room.free(disk.root())).isLessThan(MEGABYTE);
    }
}
