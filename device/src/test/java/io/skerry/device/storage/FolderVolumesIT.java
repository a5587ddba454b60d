package io.skerry.device.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import io.skerry.device.filesystem.LoopFileSystem;
import io.skerry.device.filesystem.Mounts;
import io.skerry.device.host.HostCommand;
import io.skerry.device.revision.PreparedImage;
import io.skerry.spec.desired.VolumeMount;
import io.skerry.spec.status.VolumeReports.Method;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Volumes on real file systems, with what images have at their target; needs root. */
class FolderVolumesIT {
    /** The contract on a file system of its own, a data folder for each test. */
    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    abstract static class OnLoop extends VolumesContract {
        private LoopFileSystem fileSystem;
        private Path data;

        abstract LoopFileSystem fileSystem();

        @BeforeAll
        void make() {
            fileSystem = fileSystem();
        }

        @AfterAll
        void unmake() {
            fileSystem.close();
        }

        @Override
        @BeforeEach
        void open() {
            try {
                data = Files.createTempDirectory(fileSystem.root(), "data");
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            super.open();
        }

        @Override
        Path data() {
            return data;
        }

        @Override
        void fill(Path volume) throws IOException {
            super.fill(volume);
            Files.setAttribute(volume.resolve("a"), "unix:uid", 1000);
            Files.setAttribute(volume.resolve("a"), "unix:gid", 1001);
            Files.setAttribute(volume.resolve("sub"), "unix:uid", 70000);
        }

        @Test
        void keepsExtendedAttributesAndAccessLists() throws IOException {
            make("web", "data");
            Path file = Files.writeString(volume("web", "data").resolve("a"), "old");
            COMMANDS.run(HostCommand.of("setfattr", "-n", "user.note", "-v", "kept", file.toString()))
                    .orFail();
            COMMANDS.run(HostCommand.of("setfacl", "-m", "u:1234:rw", file.toString()))
                    .orFail();
            COMMANDS.run(HostCommand.of(
                            "setfacl", "-m", "u:1234:rwx", volume("web", "data").toString()))
                    .orFail();

            volumes.snapshot(7, "web", "data");
            Files.delete(file);
            COMMANDS.run(HostCommand.of("setfacl", "-b", volume("web", "data").toString()))
                    .orFail();
            volumes.restore(7, "web", "data");

            assertThat(said("getfattr", "-n", "user.note", "--only-values", file.toString()))
                    .isEqualTo("kept");
            assertThat(said("getfacl", "-c", file.toString())).contains("user:1234:rw-");
            assertThat(said("getfacl", "-c", volume("web", "data").toString())).contains("user:1234:rwx");
        }
    }

    @Nested
    class OnExt4 extends OnLoop {
        @Override
        LoopFileSystem fileSystem() {
            return LoopFileSystem.of(256L << 20, "mkfs.ext4", "-q");
        }

        @Override
        Method method() {
            return Method.COPY;
        }
    }

    @Nested
    class OnBtrfs extends OnLoop {
        @Override
        LoopFileSystem fileSystem() {
            return LoopFileSystem.of(512L << 20, "mkfs.btrfs", "-q");
        }

        @Override
        Method method() {
            return Method.SUBVOLUME;
        }

        @Test
        void aVolumeThatIsNoSubvolumeIsCopiedBySharingItsBlocks() throws IOException {
            Files.createDirectories(volume("web", "plain"));
            fill(volume("web", "plain"));
            String before = tree(volume("web", "plain"));

            volumes.snapshot(7, "web", "plain");
            change(volume("web", "plain"));
            volumes.restore(7, "web", "plain");

            assertThat(volumes.reports(7)).singleElement().satisfies(r -> {
                assertThat(r.method()).isEqualTo(Method.REFLINK);
                assertThat(r.bytes()).isZero();
            });
            assertThat(tree(volume("web", "plain"))).isEqualTo(before);
        }

        @Test
        void aSubvolumeThatAContainerMadeInItsVolumeIsKeptToo() throws IOException {
            make("web", "data");
            Path inner = volume("web", "data").resolve("inner");
            COMMANDS.run(HostCommand.of("btrfs", "subvolume", "create", inner.toString()))
                    .orFail();
            Files.writeString(inner.resolve("a"), "old");

            volumes.snapshot(7, "web", "data");
            Files.writeString(inner.resolve("a"), "new");
            volumes.restore(7, "web", "data");

            assertThat(inner.resolve("a")).hasContent("old");
            assertThat(leftovers()).isEmpty();
            volumes.remove("web");
            assertThat(volume("web", "data")).doesNotExist();
        }

        @Test
        void filesThatMayNotShareTheirBlocksAreCopiedWhole() throws IOException {
            make("web", "data");
            Path whole = Files.createDirectory(volume("web", "data").resolve("whole"));
            COMMANDS.run(HostCommand.of("chattr", "+C", whole.toString())).orFail();
            Files.writeString(whole.resolve("a"), "old".repeat(100_000));
            // Else the file system itself would keep the copy.
            COMMANDS.run(HostCommand.of(
                            "btrfs",
                            "subvolume",
                            "create",
                            whole.resolve("inner").toString()))
                    .orFail();
            Path inner = whole.resolve("inner");

            volumes.snapshot(7, "web", "data");
            Files.delete(whole.resolve("a"));
            volumes.restore(7, "web", "data");

            assertThat(whole.resolve("a")).hasContent("old".repeat(100_000));
            assertThat(inner).isDirectory();
        }
    }

    @Nested
    class OnXfs extends OnLoop {
        @Override
        LoopFileSystem fileSystem() {
            return LoopFileSystem.of(320L << 20, "mkfs.xfs", "-q", "-m", "reflink=1");
        }

        @Override
        Method method() {
            return Method.REFLINK;
        }
    }

    /** A disk that has no room for a volume and its copy and one more. */
    @Nested
    class OnASmallDisk {
        private static final int MEGABYTE = 1 << 20;

        @ParameterizedTest
        @EnumSource
        void aVolumeIsRestoredAlsoWhenThereIsNoRoomForTwoAndItIsCutOffAnywhere(CutDisk.Where where) throws IOException {
            for (int call = 0, cuts = 1; cuts > 0; call++) {
                try (LoopFileSystem disk = LoopFileSystem.of(64L << 20, "mkfs.ext4", "-q")) {
                    FolderVolumes volumes = open(disk);
                    volumes.create("web", VolumeMount.of("data", "/data"), VolumesContract.image());
                    Path volume = disk.root().resolve("volumes/permanent/web/data");
                    Files.write(volume.resolve("old"), new byte[20 * MEGABYTE]);
                    volumes.snapshot(7, "web", "data");
                    Files.delete(volume.resolve("old"));
                    Files.write(volume.resolve("new"), new byte[20 * MEGABYTE]);

                    cuts = cut(disk, call, where);

                    FolderVolumes after = open(disk);
                    assertThat(after.has("web", "data")).isTrue();
                    after.restore(7, "web", "data");
                    assertThat(Files.size(volume.resolve("old"))).isEqualTo(20 * MEGABYTE);
                    assertThat(volume.resolve("new")).doesNotExist();
                    assertThat(after.reports(7))
                            .allSatisfy(r -> assertThat(r.restoredAt()).isPresent());
                    assertThat(volume.resolve("..").toFile().list()).hasSize(1);
                }
            }
        }

        @ParameterizedTest
        @EnumSource
        void aVolumeIsRestoredAlsoWhenOthersTookAllRoomAndItIsCutOffAnywhere(CutDisk.Where where) throws IOException {
            for (int call = 0, cuts = 1; cuts > 0; call++) {
                try (LoopFileSystem disk = LoopFileSystem.of(64L << 20, "mkfs.ext4", "-q")) {
                    FolderVolumes volumes = open(disk);
                    volumes.create("web", VolumeMount.of("data", "/data"), VolumesContract.image());
                    Path volume = disk.root().resolve("volumes/permanent/web/data");
                    Files.write(volume.resolve("old"), new byte[5 * MEGABYTE]);
                    volumes.snapshot(7, "web", "data");
                    Files.write(volume.resolve("old"), new byte[MEGABYTE]);
                    takeAllRoom(disk.root().resolve("others"));

                    cuts = cut(disk, call, where);

                    FolderVolumes after = open(disk);
                    if (!after.snapshots(7).isEmpty()) {
                        after.restore(7, "web", "data");
                    }
                    assertThat(volume.resolve("old")).as("call %d", call).hasSize(5 * MEGABYTE);
                    assertThat(after.reports(7))
                            .singleElement()
                            .satisfies(r -> assertThat(r.restoredAt()).isPresent());
                    assertThat(volume.resolve("..").toFile().list()).hasSize(1);
                }
            }
        }

        private static void takeAllRoom(Path file) throws IOException {
            try (OutputStream out = Files.newOutputStream(file)) {
                assertThatIOException()
                        .isThrownBy(() -> {
                            while (true) {
                                out.write(new byte[1024]);
                            }
                        })
                        .withMessageContaining("No space left on device");
            }
        }

        @Test
        void aSnapshotThatDoesNotFitIsRefusedWithFiguresAndLeavesNothing() throws IOException {
            try (LoopFileSystem disk = LoopFileSystem.of(64L << 20, "mkfs.ext4", "-q")) {
                FolderVolumes volumes = open(disk);
                volumes.create("web", VolumeMount.of("data", "/data"), VolumesContract.image());
                Path volume = disk.root().resolve("volumes/permanent/web/data");
                Files.write(volume.resolve("old"), new byte[35 * MEGABYTE]);

                VolumesContract.assertProblem("disk.full", () -> volumes.snapshot(7, "web", "data"));

                assertThat(volumes.snapshots(7)).isEmpty();
                assertThat(disk.root().resolve("volumes/before/7/web")).isEmptyDirectory();
                assertThat(volumes.snapshotBytes("web", "data")).isGreaterThanOrEqualTo(35 * MEGABYTE);
            }
        }

        private static FolderVolumes open(LoopFileSystem disk) {
            return FolderVolumes.open(disk.root(), VolumesContract.COMMANDS, () -> Instant.ofEpochMilli(1000));
        }

        private static int cut(LoopFileSystem disk, int call, CutDisk.Where where) {
            FolderVolumes cutOff = new FolderVolumes(
                    disk.root(),
                    new CutDisk(VolumesContract.COMMANDS, call, where),
                    new Mounts(VolumesContract.COMMANDS),
                    () -> Instant.ofEpochMilli(1500));
            try {
                cutOff.restore(7, "web", "data");
                return 0;
            } catch (CutDisk.Cut e) {
                return 1;
            }
        }
    }

    @Nested
    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    class FromImages {
        private LoopFileSystem disk;
        private FolderVolumes volumes;

        @BeforeAll
        void make() {
            disk = LoopFileSystem.of(128L << 20, "mkfs.ext4", "-q");
            volumes = FolderVolumes.open(disk.root(), VolumesContract.COMMANDS, () -> Instant.EPOCH);
        }

        @AfterAll
        void unmake() {
            disk.close();
        }

        @Test
        void aNewVolumeHasWhatTheImagesLayersHaveTogether() throws IOException {
            Path low = layer("low");
            Files.createDirectories(low.resolve("srv/data/sub"));
            Files.writeString(low.resolve("srv/data/replaced"), "low");
            Files.writeString(low.resolve("srv/data/removed"), "low");
            Files.writeString(low.resolve("srv/data/sub/kept"), "low");
            Path top = layer("top");
            Files.createDirectories(top.resolve("srv/data"));
            Files.writeString(top.resolve("srv/data/replaced"), "top");
            said("mknod", top.resolve("srv/data/removed").toString(), "c", "0", "0");
            Files.setAttribute(top.resolve("srv/data"), "unix:uid", 1000);
            Files.setAttribute(top.resolve("srv/data"), "unix:mode", 01770);

            volumes.create("web", VolumeMount.of("data", "/srv/data"), image("low", "top"));

            Path volume = volume("web", "data");
            assertThat(volume.resolve("replaced")).hasContent("top");
            assertThat(volume.resolve("sub/kept")).hasContent("low");
            assertThat(volume.resolve("removed")).doesNotExist();
            assertThat(Files.getAttribute(volume, "unix:uid")).isEqualTo(1000);
            assertThat((int) Files.getAttribute(volume, "unix:mode") & 07777).isEqualTo(01770);
            assertThat(new Mounts(VolumesContract.COMMANDS).under(disk.root())).hasSize(1);
        }

        @Test
        void anEmptyFolderOfTheImageGivesOwnerAndMode() throws IOException {
            Path like = Files.createDirectories(layer("empty").resolve("data"));
            Files.setAttribute(like, "unix:gid", 1001);
            Files.setAttribute(like, "unix:mode", 0700);

            volumes.create("empty", VolumeMount.of("data", "/data"), image("empty"));

            assertThat(Files.getAttribute(volume("empty", "data"), "unix:gid")).isEqualTo(1001);
            assertThat((int) Files.getAttribute(volume("empty", "data"), "unix:mode") & 07777)
                    .isEqualTo(0700);
        }

        @Test
        void aLinkOfTheImageLeadsNowhereOutsideOfIt() throws IOException {
            Path layer = layer("links");
            Files.createDirectories(layer.resolve("etc"));
            Files.createSymbolicLink(layer.resolve("data"), Path.of("/../../etc"));
            Files.createDirectories(layer.resolve("real"));
            Files.writeString(layer.resolve("real/a"), "a");
            Files.createSymbolicLink(layer.resolve("absolute"), Path.of("/real"));

            volumes.create("links", VolumeMount.of("out", "/data"), image("links"));
            volumes.create("links", VolumeMount.of("in", "/absolute"), image("links"));

            assertThat(volume("links", "out")).isEmptyDirectory();
            assertThat(volume("links", "in").resolve("a")).hasContent("a");
            assertThat(Files.isDirectory(volume("links", "in"), LinkOption.NOFOLLOW_LINKS))
                    .isTrue();
        }

        @ParameterizedTest
        @EnumSource
        void aVolumeWhoseMakingIsCutOffAnywhereIsMadeWholeAfterThat(CutDisk.Where where) throws IOException {
            Path like = Files.createDirectories(layer("cut").resolve("data"));
            for (String name : List.of("a", "b", "c")) {
                Files.writeString(like.resolve(name), name);
            }
            for (int call = 0, cuts = 1; cuts > 0; call++) {
                FolderVolumes cutOff = new FolderVolumes(
                        disk.root(),
                        new CutDisk(VolumesContract.COMMANDS, call, where),
                        new Mounts(VolumesContract.COMMANDS),
                        () -> Instant.EPOCH);
                try {
                    cutOff.create("cut", VolumeMount.of("data", "/data"), image("cut"));
                    cuts = 0;
                } catch (CutDisk.Cut e) {
                    cuts = 1;
                }

                FolderVolumes after = FolderVolumes.open(disk.root(), VolumesContract.COMMANDS, () -> Instant.EPOCH);
                assertThat(new Mounts(VolumesContract.COMMANDS).under(disk.root()))
                        .hasSize(1);
                after.create("cut", VolumeMount.of("data", "/data"), image("cut"));
                assertThat(VolumesContract.tree(volume("cut", "data"))).isEqualTo(VolumesContract.tree(like));
                after.remove("cut");
            }
        }

        private PreparedImage image(String... layers) {
            return VolumesContract.image(disk.root().resolve("layers"), layers);
        }

        private Path layer(String name) throws IOException {
            return Files.createDirectories(disk.root().resolve("layers").resolve(name));
        }

        private Path volume(String container, String volume) {
            return disk.root().resolve("volumes/permanent").resolve(container).resolve(volume);
        }
    }

    private static String said(String... arguments) {
        return VolumesContract.COMMANDS.run(HostCommand.of(arguments)).orFail().out();
    }
}
