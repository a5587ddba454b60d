package io.skerry.device.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skerry.content.oci.ImageConfig;
import io.skerry.device.filesystem.Mounts;
import io.skerry.device.host.HostCommand;
import io.skerry.device.host.HostCommands;
import io.skerry.device.revision.PreparedImage;
import io.skerry.device.revision.Volumes.VolumeId;
import io.skerry.spec.Digest;
import io.skerry.spec.ProblemException;
import io.skerry.spec.desired.VolumeMount;
import io.skerry.spec.status.VolumeReports.Method;
import io.skerry.spec.status.VolumeReports.Report;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What volumes are, on whatever file system the data folder lies. */
abstract class VolumesContract {
    static final HostCommands COMMANDS = new HostCommands();
    private static final int NEW = 7;

    private final List<Long> times = new ArrayList<>(List.of(1000L));
    FolderVolumes volumes;

    /** The data folder. */
    abstract Path data();

    /** By which snapshots are kept here. */
    abstract Method method();

    @BeforeEach
    void open() {
        volumes = reopened();
    }

    @Test
    void aVolumeIsThereOnceItWasMade() {
        assertThat(volumes.has("web", "data")).isFalse();

        make("web", "data");

        assertThat(volumes.has("web", "data")).isTrue();
        assertThat(leftovers()).isEmpty();
    }

    @Test
    void whatIsThereIsNotMadeAgain() throws IOException {
        make("web", "data");
        Files.writeString(volume("web", "data").resolve("a"), "1");

        make("web", "data");

        assertThat(volume("web", "data").resolve("a")).hasContent("1");
    }

    @Test
    void restoresAVolumeToWhatItWasWithAllThatItsFilesHave() throws IOException {
        make("web", "data");
        fill(volume("web", "data"));
        String before = tree(volume("web", "data"));

        volumes.snapshot(NEW, "web", "data");
        change(volume("web", "data"));
        volumes.restore(NEW, "web", "data");

        assertThat(tree(volume("web", "data"))).isEqualTo(before);
        assertThat(leftovers()).isEmpty();
    }

    @Test
    void tellsWhatWasKeptAndWhatOfItWasPutBack() throws IOException {
        make("web", "data");
        fill(volume("web", "data"));
        make("db", "files");
        volumes.snapshot(NEW, "web", "data");
        volumes.snapshot(NEW, "db", "files");
        times.add(2000L);

        volumes.restore(NEW, "web", "data");

        assertThat(volumes.snapshots(NEW)).as("what is left to put back").containsExactly(new VolumeId("db", "files"));
        assertThat(reopened().reports(NEW))
                .satisfiesExactly(
                        r -> {
                            assertThat(r.container()).isEqualTo("db");
                            assertThat(r.restoredAt()).isEmpty();
                            assertThat(r.method()).isEqualTo(method());
                        },
                        r -> {
                            assertThat(r.takenAt()).isEqualTo(1000);
                            assertThat(r.restoredAt()).contains(2000L);
                            assertThat(r.bytes() > 0).isEqualTo(method() == Method.COPY);
                        });
    }

    @Test
    void aVolumeIsKeptOnceForARevision() throws IOException {
        make("web", "data");
        Files.writeString(volume("web", "data").resolve("a"), "old");
        volumes.snapshot(NEW, "web", "data");
        Files.writeString(volume("web", "data").resolve("a"), "new");

        volumes.snapshot(NEW, "web", "data");
        volumes.restore(NEW, "web", "data");

        assertThat(volume("web", "data").resolve("a")).hasContent("old");
    }

    @Test
    void canBeRestoredAgain() throws IOException {
        make("web", "data");
        Files.writeString(volume("web", "data").resolve("a"), "old");
        volumes.snapshot(NEW, "web", "data");

        for (String text : List.of("new", "newer")) {
            Files.writeString(volume("web", "data").resolve("a"), text);
            volumes.restore(NEW, "web", "data");
            assertThat(volume("web", "data").resolve("a")).hasContent("old");
        }
    }

    @Test
    void aRestoredVolumeCanBeKeptForTheNextRevision() throws IOException {
        make("web", "data");
        Files.writeString(volume("web", "data").resolve("a"), "old");
        volumes.snapshot(NEW, "web", "data");
        volumes.restore(NEW, "web", "data");

        volumes.snapshot(NEW + 1, "web", "data");

        assertThat(volumes.reports(NEW + 1)).extracting(Report::method).containsExactly(method());
    }

    @Test
    void restoresAVolumeThatIsGone() throws IOException {
        make("web", "data");
        Files.writeString(volume("web", "data").resolve("a"), "old");
        volumes.snapshot(NEW, "web", "data");
        COMMANDS.run(HostCommand.of("rm", "-rf", volume("web", "data").toString()))
                .orFail();

        volumes.restore(NEW, "web", "data");

        assertThat(volume("web", "data").resolve("a")).hasContent("old");
    }

    @Test
    void whatWasNotKeptCanNotBeRestored() {
        make("web", "data");
        assertProblem("disk.snapshot-missing", () -> volumes.restore(NEW, "web", "data"));
        assertThat(volumes.has("web", "data")).isTrue();
    }

    @Test
    void countsTheBlocksOfASnapshotAndNotTheHolesOfAVolume() throws IOException {
        make("web", "data");
        try (RandomAccessFile file =
                new RandomAccessFile(volume("web", "data").resolve("sparse").toFile(), "rw")) {
            file.setLength(1L << 40);
            file.seek(1L << 39);
            file.write(new byte[100_000]);
        }
        COMMANDS.run(HostCommand.of("sync", "-f", data().toString())).orFail();

        long bytes = volumes.snapshotBytes("web", "data");
        volumes.snapshot(NEW, "web", "data");
        volumes.restore(NEW, "web", "data");

        if (method() == Method.COPY) {
            assertThat(bytes).isBetween(100_000L, 300_000L);
        } else {
            assertThat(bytes).isZero();
        }
        assertThat(Files.size(volume("web", "data").resolve("sparse"))).isEqualTo(1L << 40);
    }

    @Test
    void removesWhatWasKeptForOtherRevisions() throws IOException {
        make("web", "data");
        fill(volume("web", "data"));
        volumes.snapshot(5, "web", "data");
        volumes.snapshot(6, "web", "data");

        volumes.keepOnly(Set.of(6));

        assertThat(volumes.snapshots(5)).isEmpty();
        assertThat(volumes.snapshots(6)).hasSize(1);
        assertThat(data().resolve("volumes/before/5")).doesNotExist();
    }

    @Test
    void removesAllOfAContainer() throws IOException {
        make("web", "data");
        make("web", "more");
        make("db", "data");
        fill(volume("web", "data"));
        volumes.snapshot(5, "web", "data");
        volumes.snapshot(5, "db", "data");

        volumes.remove("web");
        volumes.remove("web");

        assertThat(volumes.has("web", "data")).isFalse();
        assertThat(data().resolve("volumes/permanent/web")).doesNotExist();
        assertThat(data().resolve("volumes/before/5/web")).doesNotExist();
        assertThat(volumes.has("db", "data")).isTrue();
        assertThat(volumes.snapshots(5)).containsExactly(new VolumeId("db", "data"));
    }

    @ParameterizedTest
    @EnumSource
    void aSnapshotThatIsCutOffAnywhereIsTakenAfterThat(CutDisk.Where where) throws IOException {
        for (int call = 0, cuts = 1; cuts > 0; call++) {
            String container = "c" + call;
            make(container, "data");
            fill(volume(container, "data"));
            String before = tree(volume(container, "data"));

            cuts = cut(call, where, v -> v.snapshot(NEW, container, "data"));

            volumes = reopened();
            assertThat(tree(volume(container, "data")))
                    .as("cut %s call %d", where, call)
                    .isEqualTo(before);
            volumes.snapshot(NEW, container, "data");
            change(volume(container, "data"));
            volumes.restore(NEW, container, "data");
            assertThat(tree(volume(container, "data")))
                    .as("cut %s call %d", where, call)
                    .isEqualTo(before);
            assertThat(leftovers()).isEmpty();
            volumes.remove(container);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aRestorationThatIsCutOffAnywhereIsEndedByTheNextDaemonOrByAnotherCall(CutDisk.Where where) throws IOException {
        for (int call = 0, cuts = 1; cuts > 0; call++) {
            String container = "c" + call;
            make(container, "data");
            fill(volume(container, "data"));
            String before = tree(volume(container, "data"));
            volumes.snapshot(NEW, container, "data");
            change(volume(container, "data"));
            String after = tree(volume(container, "data"));

            cuts = cut(call, where, v -> v.restore(NEW, container, "data"));

            volumes = reopened();
            assertThat(leftovers()).as("cut %s call %d", where, call).isEmpty();
            assertThat(tree(volume(container, "data")))
                    .as("cut %s call %d", where, call)
                    .isIn(before, after);
            volumes.restore(NEW, container, "data");
            assertThat(tree(volume(container, "data")))
                    .as("cut %s call %d", where, call)
                    .isEqualTo(before);
            assertThat(volumes.reports(NEW))
                    .allSatisfy(r -> assertThat(r.restoredAt()).isPresent());
            volumes.remove(container);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aCutRestorationIsEndedByTheSameDaemonsNextCall(CutDisk.Where where) throws IOException {
        for (int call = 0, cuts = 1; cuts > 0; call++) {
            String container = "c" + call;
            make(container, "data");
            fill(volume(container, "data"));
            String before = tree(volume(container, "data"));
            volumes.snapshot(NEW, container, "data");
            change(volume(container, "data"));

            cuts = cut(call, where, v -> v.restore(NEW, container, "data"));

            assertThat(volumes.has(container, "data"))
                    .as("cut %s call %d", where, call)
                    .isTrue();
            make(container, "data");
            assertThat(volume(container, "data")).isNotEmptyDirectory();
            volumes.restore(NEW, container, "data");
            assertThat(tree(volume(container, "data")))
                    .as("cut %s call %d", where, call)
                    .isEqualTo(before);
            assertThat(leftovers()).isEmpty();
            volumes.remove(container);
        }
    }

    @ParameterizedTest
    @EnumSource
    void withoutRoomForACopyWhatWasKeptIsPutBackItselfWhereverThatIsCutOff(CutDisk.Where where) throws IOException {
        for (boolean gone : new boolean[] {false, true}) {
            for (int call = 0, cuts = 1; cuts > 0; call++) {
                String as = "cut %s call %d, volume %s".formatted(where, call, gone ? "gone" : "there");
                make("web", "data");
                fill(volume("web", "data"));
                String before = tree(volume("web", "data"));
                volumes.snapshot(NEW, "web", "data");
                change(volume("web", "data"));
                String after = tree(volume("web", "data"));
                if (gone) {
                    COMMANDS.run(HostCommand.of(
                                    "rm", "-rf", volume("web", "data").toString()))
                            .orFail();
                }

                cuts = cut(new CutDisk(COMMANDS, call, where).full(), v -> v.restore(NEW, "web", "data"));

                volumes = reopened();
                assertThat(leftovers()).as(as).isEmpty();
                if (volumes.has("web", "data")) {
                    assertThat(tree(volume("web", "data"))).as(as).isIn(before, after);
                }
                for (VolumeId left : volumes.snapshots(NEW)) {
                    cut(CutDisk.uncut(COMMANDS).full(), v -> v.restore(NEW, left.container(), left.volume()));
                }
                volumes = reopened();
                assertThat(tree(volume("web", "data"))).as(as).isEqualTo(before);
                assertThat(volumes.snapshots(NEW)).as(as).isEmpty();
                assertThat(volumes.reports(NEW)).as(as).singleElement().satisfies(r -> {
                    assertThat(r.restoredAt()).isPresent();
                    assertThat(r.method()).isEqualTo(method());
                });
                assertThat(data().resolve("volumes/before/7/web/data")).doesNotExist();
                volumes.remove("web");
            }
        }
    }

    @Test
    void afterWhatWasKeptWasPutBackItselfTheVolumeIsKeptAnew() throws IOException {
        make("web", "data");
        Files.writeString(volume("web", "data").resolve("a"), "old");
        volumes.snapshot(NEW, "web", "data");
        cut(CutDisk.uncut(COMMANDS).full(), v -> v.restore(NEW, "web", "data"));
        Files.writeString(volume("web", "data").resolve("a"), "newer");

        volumes.restore(NEW, "web", "data");
        assertThat(volume("web", "data").resolve("a")).as("a repeated call").hasContent("newer");

        volumes.snapshot(NEW, "web", "data");
        assertThat(volumes.snapshots(NEW)).hasSize(1);
        assertThat(volumes.reports(NEW)).extracting(Report::method).containsExactly(method());
        Files.writeString(volume("web", "data").resolve("a"), "newest");
        volumes.restore(NEW, "web", "data");

        assertThat(volume("web", "data").resolve("a")).hasContent("newer");
        volumes.keepOnly(Set.of());
        assertThat(data().resolve("volumes/before")).isEmptyDirectory();
    }

    @ParameterizedTest
    @EnumSource
    void whatIsCutOffWhileItIsRemovedDoesNotCountAndGoes(CutDisk.Where where) throws IOException {
        for (int call = 0, cuts = 1; cuts > 0; call++) {
            make("web", "data");
            fill(volume("web", "data"));
            String before = tree(volume("web", "data"));
            volumes.snapshot(NEW, "web", "data");

            cuts = cut(call, where, v -> v.keepOnly(Set.of()));

            volumes = reopened();
            if (!volumes.snapshots(NEW).isEmpty()) {
                volumes.restore(NEW, "web", "data");
            }
            assertThat(tree(volume("web", "data")))
                    .as("cut %s call %d", where, call)
                    .isEqualTo(before);
            volumes.keepOnly(Set.of());
            assertThat(data().resolve("volumes/before")).isEmptyDirectory();
            volumes.remove("web");
        }
    }

    /** 1 when it was cut off, 0 when it had come to its end before. */
    int cut(int call, CutDisk.Where where, Consumer<FolderVolumes> work) {
        return cut(new CutDisk(COMMANDS, call, where), work);
    }

    private int cut(CutDisk disk, Consumer<FolderVolumes> work) {
        FolderVolumes cutOff = new FolderVolumes(data(), disk, new Mounts(COMMANDS), () -> Instant.ofEpochMilli(1500));
        try {
            work.accept(cutOff);
            return 0;
        } catch (CutDisk.Cut e) {
            return 1;
        }
    }

    FolderVolumes reopened() {
        return FolderVolumes.opened(new FolderVolumes(
                data(), CutDisk.uncut(COMMANDS), new Mounts(COMMANDS), () -> Instant.ofEpochMilli(times.getLast())));
    }

    void make(String container, String volume) {
        volumes.create(container, VolumeMount.of(volume, "/var/data"), image());
    }

    static PreparedImage image(String... layers) {
        return image(Path.of("/nowhere"), layers);
    }

    static PreparedImage image(Path layersRoot, String... layers) {
        ImageConfig config = new ImageConfig(
                "linux",
                "amd64",
                "",
                List.of(),
                List.of("/bin/sh"),
                Map.of(),
                "",
                "/",
                "SIGTERM",
                List.of(),
                List.of(),
                Optional.empty(),
                List.of());
        return new PreparedImage(
                Digest.of("image".getBytes(StandardCharsets.UTF_8)), config, layersRoot, List.of(layers));
    }

    Path volume(String container, String volume) {
        return data().resolve("volumes/permanent").resolve(container).resolve(volume);
    }

    /** Puts files of many kinds into a volume. */
    void fill(Path volume) throws IOException {
        Files.createDirectories(volume.resolve("sub/deep"));
        Files.writeString(volume.resolve("a"), "old");
        Files.createLink(volume.resolve("sub/same-as-a"), volume.resolve("a"));
        Files.createSymbolicLink(volume.resolve("link"), Path.of("sub/deep"));
        Files.writeString(volume.resolve("sub/deep/größe ü"), "b".repeat(10_000));
        Files.setAttribute(volume.resolve("sub/deep"), "unix:mode", 0711);
        Files.setAttribute(volume, "unix:mode", 0750);
        COMMANDS.run(HostCommand.of("mkfifo", volume.resolve("fifo").toString()))
                .orFail();
    }

    void change(Path volume) throws IOException {
        Files.writeString(volume.resolve("a"), "new");
        Files.writeString(volume.resolve("more"), "more");
        Files.delete(volume.resolve("sub/deep/größe ü"));
        Files.setAttribute(volume, "unix:mode", 0700);
    }

    /** Names, modes (with the kind), owners, and of what is no folder times, numbers of links, targets and contents. */
    static String tree(Path folder) {
        StringBuilder text = new StringBuilder();
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted().toList()) {
                Map<String, Object> has = Files.readAttributes(
                        path, "unix:mode,uid,gid,nlink,lastModifiedTime", LinkOption.NOFOLLOW_LINKS);
                text.append(folder.relativize(path)).append(' ').append(has.get("mode"));
                text.append(' ').append(has.get("uid")).append(' ').append(has.get("gid"));
                if (!Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
                    text.append(' ').append(has.get("nlink")).append(' ').append(has.get("lastModifiedTime"));
                }
                if (Files.isSymbolicLink(path)) {
                    text.append(" -> ").append(Files.readSymbolicLink(path));
                } else if (Files.isRegularFile(path)) {
                    text.append(' ').append(Digest.of(Files.readAllBytes(path)));
                }
                text.append('\n');
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }

    /** What the daemon made for itself and must not leave. */
    List<String> leftovers() {
        List<String> found = new ArrayList<>();
        try (Stream<Path> containers = Files.list(data().resolve("volumes/permanent"))) {
            for (Path container : containers.toList()) {
                try (Stream<Path> entries = Files.list(container)) {
                    entries.map(Path::toString)
                            .filter(e -> e.substring(e.lastIndexOf("/")).startsWith("/."))
                            .forEach(found::add);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        new Mounts(COMMANDS).under(data().resolve("run")).forEach(m -> found.add(m.toString()));
        return found;
    }

    static void assertProblem(String code, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        ProblemException.class, e -> assertThat(e.code()).isEqualTo(code));
    }
}
