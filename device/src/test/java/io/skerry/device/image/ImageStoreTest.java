package io.skerry.device.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skerry.content.registry.RegistryAccess;
import io.skerry.content.registry.RegistryClient;
import io.skerry.device.host.HostCommands;
import io.skerry.device.revision.PreparedImage;
import io.skerry.spec.Architecture;
import io.skerry.spec.Digest;
import io.skerry.spec.Problem;
import io.skerry.spec.ProblemException;
import io.skerry.spec.desired.Image;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageStoreTest {
    private static final int REVISION = 7;

    @TempDir
    Path content;

    private final FakeRegistry registry = new FakeRegistry();
    private final List<Path> synced = new ArrayList<>();
    private final Set<String> laidUnder = new HashSet<>();
    private ContentDisk disk = new TestDisk(synced::add, true, laidUnder);
    private String boot = "boot-1";
    private ImageStore images;

    @BeforeEach
    void open() {
        images = store(synced::add);
    }

    @Test
    void fetchesUnpacksAndForgetsTheCompressedLayers() throws IOException {
        Image image = registry.image("linux", "amd64", "one", "two");

        var prepared = prepare(image);

        assertThat(prepared.layers()).hasSize(2);
        assertThat(prepared.layersRoot().resolve(prepared.layers().get(0)).resolve("file-one"))
                .hasContent("one");
        assertThat(prepared.layersRoot().resolve(prepared.layers().get(1)).resolve("file-two"))
                .hasContent("two");
        assertThat(synced).hasSize(2);
        assertThat(files(content.resolve("blobs"))).hasSize(2);
    }

    @Test
    void asksForNothingThatIsHere() throws IOException {
        Image image = registry.image("linux", "amd64", "one");
        prepare(image);
        registry.asked.clear();

        prepare(image);
        prepare(store(synced::add), image);

        assertThat(registry.asked).isEmpty();
    }

    @Test
    void sharesLayersOfImages() throws IOException {
        prepare(registry.image("linux", "amd64", "base", "one"));
        registry.asked.clear();

        prepare(registry.image("linux", "amd64", "base", "two"));

        // Manifest, configuration and the one layer that is new.
        assertThat(registry.asked).hasSize(3);
    }

    @Test
    void refusesAnImageForAnotherArchitecture() throws IOException {
        Image image = registry.image("linux", "riscv64", "one");

        assertProblem("image.architecture-mismatch", () -> prepare(image));
        assertThat(files(content.resolve("layers"))).isEmpty();
    }

    @Test
    void refusesALayerWithOtherBytesThanItsDigest() throws IOException {
        Image image = registry.image("linux", "amd64", "one");
        registry.corrupt(registry.layers(image).getFirst());

        assertThatThrownBy(() -> prepare(image)).isInstanceOf(ProblemException.class);
        assertThat(images.prepared(image.manifest())).isEmpty();
    }

    @Test
    void aLayerThatWasNotSyncedDoesNotCount() throws IOException {
        Image image = registry.image("linux", "amd64", "one");
        var failing = store(_ -> {
            throw new Problem("disk.failed", "no sync").asException();
        });
        assertProblem("disk.failed", () -> prepare(failing, image));

        assertThat(images.prepared(image.manifest())).isEmpty();
        registry.asked.clear();
        prepare(image);

        assertThat(images.prepared(image.manifest())).isPresent();
        assertThat(registry.asked).as("the layer's blob was kept").isEmpty();
    }

    @Test
    void collectsWhatNothingNeeds() throws IOException {
        Image old = registry.image("linux", "amd64", "base", "one");
        Image current = registry.image("linux", "amd64", "base", "two");
        prepare(old);
        prepare(current);

        images.collect(Set.of(current.manifest()));

        assertThat(images.prepared(old.manifest())).isEmpty();
        assertThat(images.prepared(current.manifest())).isPresent();
        assertThat(files(content.resolve("blobs"))).hasSize(2);
        assertThat(files(content.resolve("layers")))
                .filteredOn(f -> f.endsWith(".done"))
                .hasSize(2);
    }

    @Test
    void refusesImagesThatTheDiskHasNoRoomForBeforeTheirFirstLayer() throws IOException {
        Image small = registry.image("linux", "amd64", "one");
        Image huge = new Image(small.repository(), small.manifest(), small.compressedBytes(), Long.MAX_VALUE / 4);

        assertThatThrownBy(() -> images.reserve(REVISION, List.of(huge), 0))
                .isInstanceOfSatisfying(ProblemException.class, e -> {
                    assertThat(e.code()).isEqualTo("disk.full");
                    assertThat(e.problem().sentence())
                            .containsPattern("needs \\d+ MB .* only \\d+ MB .* \\d+ MB are short");
                });
        assertProblem("disk.full", () -> prepare(huge));

        assertThat(registry.asked)
                .noneMatch(a -> a.contains(registry.layers(small).getFirst().value()));
    }

    @Test
    void fetchesWithoutUnpackingAndUnpacksWithoutFetching() throws IOException {
        Image image = registry.image("linux", "amd64", "one", "two");

        assertThat(images.fetched(image)).isFalse();
        images.fetch(image);

        assertThat(images.fetched(image)).isTrue();
        assertThat(images.prepared(image.manifest())).isEmpty();
        registry.asked.clear();
        images = store(synced::add);
        assertThat(images.fetched(image)).isTrue();
        images.unpack(image);
        assertThat(images.fetched(image)).isTrue();
        assertThat(images.prepared(image.manifest())).isPresent();
        assertThat(registry.asked).isEmpty();
    }

    @Test
    void unpackingWhatWasNotFetchedIsRefused() throws IOException {
        Image image = registry.image("linux", "amd64", "one");
        assertProblem("content.missing", () -> images.unpack(image));

        images.reserve(REVISION, List.of(image), 0);
        assertProblem("content.missing", () -> images.unpack(image));
    }

    @Test
    void reservesOnceWhatImagesShare() throws IOException {
        Image one = registry.image("linux", "amd64", "base", "one");
        Image two = registry.image("linux", "amd64", "base", "two");

        images.reserve(REVISION, List.of(one), 0);
        long forOne = reserved();
        images.reserve(REVISION, List.of(one, two), 0);
        long forBoth = reserved();
        images.reserve(REVISION, List.of(one, two, one), 5000);

        assertThat(forBoth).isGreaterThan(forOne).isLessThan(2 * forOne);
        assertThat(reserved()).isEqualTo(forBoth + 5000);
    }

    @Test
    void givesBackWhatWasReservedAsItArrivesAndKeepsWhatIsWantedBesides() throws IOException {
        Image image = registry.image("linux", "amd64", "one", "two");
        images.reserve(REVISION, List.of(image), 5000);
        long atFirst = reserved();

        images.fetch(image);
        long fetched = reserved();
        images.unpack(image);

        assertThat(fetched).isLessThan(atFirst).isGreaterThan(5000);
        assertThat(reserved()).isEqualTo(5000);
        images.release(REVISION);
        assertThat(content.resolve("reserved")).isEmptyDirectory();
    }

    @Test
    void whatOneRevisionReservedStaysWhenAnotherReservesAndIsGivenBack() throws IOException {
        Image image = registry.image("linux", "amd64", "one");
        images.reserve(REVISION, List.of(), 5000);

        images.reserve(REVISION + 1, List.of(image), 0);
        images.fetch(image);
        images.release(REVISION + 1);

        assertThat(files(content.resolve("reserved")))
                .containsExactly(content.resolve("reserved/" + REVISION).toString());
        assertThat(reserved()).isEqualTo(5000);
    }

    @Test
    void whatIsHereIsNotReserved() throws IOException {
        Image image = registry.image("linux", "amd64", "one");
        prepare(image);

        images.reserve(REVISION, List.of(image), 0);

        assertThat(content.resolve("reserved")).isEmptyDirectory();
    }

    @Test
    void aBrokenFetchKeepsTheRoomForTheRest() throws IOException {
        Image image = registry.image("linux", "amd64", "one");
        images.reserve(REVISION, List.of(image), 5000);
        registry.corrupt(registry.layers(image).getFirst());
        assertThatThrownBy(() -> images.fetch(image)).isInstanceOf(ProblemException.class);
        registry.corrupt(registry.layers(image).getFirst());

        images.fetch(image);
        images.unpack(image);

        assertThat(reserved()).isEqualTo(5000);
    }

    @Test
    void whatADaemonReservedThatWasKilledIsGivenBack() throws IOException {
        images.reserve(REVISION, List.of(registry.image("linux", "amd64", "one")), 5000);

        store(synced::add);

        assertThat(content.resolve("reserved")).isEmptyDirectory();
    }

    @Test
    void goesOnWhereTheFileSystemTakesNoRoomInAdvance() throws IOException {
        Image image = registry.image("linux", "amd64", "one");
        disk = new TestDisk(synced::add, false, laidUnder);
        images = store();
        images.reserve(REVISION, List.of(image), 5000);

        prepare(image);

        assertThat(images.prepared(image.manifest())).isPresent();
    }

    @Test
    void aLayerWithWhichAContainerRunsIsPutAsideUntilTheNextBootWhenItsMarkIsSpoilt() throws IOException {
        Image image = registry.image("linux", "amd64", "one");
        String layer = prepare(image).layers().getFirst();
        Path file = content.resolve("layers/" + layer + "/file-one");
        Object inode = Files.getAttribute(file, "unix:ino");
        Files.writeString(content.resolve("layers/" + layer + ".done"), "");
        laidUnder.add(layer);

        prepare(image);

        assertThat(Files.getAttribute(file, "unix:ino")).isNotEqualTo(inode);
        images.collect(Set.of(image.manifest()));
        assertThat(asides())
                .singleElement()
                .satisfies(aside -> assertThat(Files.getAttribute(aside.resolve("file-one"), "unix:ino"))
                        .isEqualTo(inode));
        boot = "boot-2";
        store().collect(Set.of(image.manifest()));
        assertThat(asides()).isEmpty();
        assertThat(file).hasContent("one");
    }

    @Test
    void aLayerWithWhichNothingRunsIsReplacedAtOnceWhenItsMarkIsSpoilt() throws IOException {
        Image image = registry.image("linux", "amd64", "one");
        String layer = prepare(image).layers().getFirst();
        Files.writeString(content.resolve("layers/" + layer + ".done"), "");

        prepare(image);

        assertThat(asides()).isEmpty();
        assertThat(images.prepared(image.manifest())).isPresent();
    }

    private List<Path> asides() throws IOException {
        try (var entries = Files.newDirectoryStream(content.resolve("layers"), "*.aside")) {
            List<Path> all = new ArrayList<>();
            entries.forEach(all::add);
            return all;
        }
    }

    @Test
    void aDocumentThatWasDamagedOnTheDiskIsFetchedAgain() throws IOException {
        Image image = registry.image("linux", "amd64", "one");
        var whole = prepare(image);
        for (Path blob : documents()) {
            byte[] bytes = Files.readAllBytes(blob);
            for (byte[] spoilt : List.of(new byte[0], new byte[bytes.length], flipped(bytes))) {
                Files.write(blob, spoilt);

                assertThat(images.prepared(image.manifest())).isEmpty();
                assertThat(images.fetched(image)).isFalse();

                assertThat(prepare(image)).isEqualTo(whole);
                assertThat(blob).hasBinaryContent(bytes);
            }
        }
    }

    @Test
    void aMarkThatTheDiskHasSpoiltCountsAsNone() throws IOException {
        Image image = registry.image("linux", "amd64", "one");
        var whole = prepare(image);
        Path mark = content.resolve("layers").resolve(whole.layers().getFirst() + ".done");
        Files.write(mark, new byte[] {(byte) 0xC3, (byte) 0xFF, 0});

        assertThat(images.prepared(image.manifest())).isEmpty();
        assertThat(prepare(image)).isEqualTo(whole);
    }

    @Test
    void whatTheDiskDoesNotReadCountsAsNotThereAndIsFetchedAgain() throws IOException {
        Image image = registry.image("linux", "amd64", "one");
        Image other = registry.image("linux", "amd64", "two");
        var whole = prepare(image);
        prepare(other);
        List<Path> files = new ArrayList<>(documents());
        files.add(content.resolve("layers").resolve(whole.layers().getFirst() + ".done"));
        for (Path file : files) {
            byte[] bytes = Files.readAllBytes(file);
            makeUnreadable(file);

            assertThat(images.prepared(image.manifest()).isPresent()
                            && images.prepared(other.manifest()).isPresent())
                    .as("%s is read", file)
                    .isFalse();
            assertThat(images.fetched(image) && images.fetched(other)).isFalse();

            assertThat(prepare(image)).isEqualTo(whole);
            prepare(other);
            assertThat(file).isRegularFile().hasBinaryContent(bytes);
        }
    }

    /** A file that is there, and each reading of which ends with an input/output error. */
    private static void makeUnreadable(Path file) throws IOException {
        Files.delete(file);
        Files.createSymbolicLink(file, Path.of("/proc/self/mem"));
    }

    private List<Path> documents() throws IOException {
        try (Stream<Path> blobs = Files.walk(content.resolve("blobs"))) {
            return blobs.filter(Files::isRegularFile).toList();
        }
    }

    private static byte[] flipped(byte[] bytes) {
        byte[] flipped = bytes.clone();
        flipped[flipped.length / 2] ^= 1;
        return flipped;
    }

    @Test
    void aLayerThatWasDamagedOnTheDiskIsFetchedAgain() throws IOException {
        Image image = registry.image("linux", "amd64", "one");
        images.fetch(image);
        Path blob = blob(registry.layers(image).getFirst());
        byte[] bytes = Files.readAllBytes(blob);
        bytes[bytes.length / 2] ^= 1;
        Files.write(blob, bytes);

        assertProblem("disk.damaged", () -> images.unpack(image));

        assertThat(images.fetched(image)).isFalse();
        prepare(image);
        assertThat(images.prepared(image.manifest())).isPresent();
    }

    @Test
    void aLayerThatIsNoArchiveIsThrownAway() throws IOException {
        byte[] noise = new byte[2048];
        Arrays.fill(noise, (byte) 7);
        Image image = registry.imageOf(noise);
        images.fetch(image);

        assertProblem("image.corrupt", () -> images.unpack(image));

        assertThat(images.fetched(image)).isFalse();
        assertThat(files(content.resolve("layers"))).isEmpty();
    }

    @Test
    void anInterruptedThreadEndsEarlyAndLosesNothingThatWasFetched() throws IOException {
        Image image = registry.image("linux", "amd64", "one");
        images.fetch(image);
        Thread.currentThread().interrupt();

        assertThatThrownBy(() -> images.unpack(image)).isInstanceOf(ProblemException.class);

        assertThat(Thread.interrupted()).isTrue();
        assertThat(images.fetched(image)).isTrue();
    }

    @Test
    void collectsWhatInterruptedDaemonsLeft() throws IOException {
        Image image = registry.image("linux", "amd64", "one");
        prepare(image);
        Path layer = blob(registry.layers(image).getFirst());
        Files.createDirectories(layer.getParent());
        Files.writeString(layer, "a blob whose layer is unpacked");
        String name = images.prepared(image.manifest()).orElseThrow().layers().getFirst();
        Files.createDirectories(content.resolve("layers/" + name + ".unfinished/a"));
        Files.writeString(content.resolve("layers/." + name + ".done.0.tmp"), "");
        Files.writeString(content.resolve("partial/" + "a".repeat(64)), "part");

        images.collect(Set.of(image.manifest()));

        assertThat(images.prepared(image.manifest())).isPresent();
        assertThat(layer).doesNotExist();
        assertThat(content.resolve("layers").toFile().list()).hasSize(2);
        assertThat(content.resolve("partial")).isEmptyDirectory();
    }

    @Test
    void aLayerThatIsWhatItWasIsSound() throws IOException {
        Image image = registry.image("linux", "amd64", "one", "two");
        prepare(image);

        assertThat(images.isFoundDamaged(image.manifest())).isFalse();
        assertThat(images.isSound(image.manifest())).isTrue();
    }

    @Test
    void aLayerThatTheDiskHasSpoiltIsFoundFetchedAgainAndSoundAgain() throws IOException {
        Image image = registry.image("linux", "amd64", "one", "two");
        PreparedImage before = prepare(image);
        Path file = content.resolve("layers/" + before.layers().getLast() + "/file-two");
        Files.writeString(file, "owt");

        assertThat(images.isSound(image.manifest())).as("nobody has looked yet").isTrue();
        assertThat(images.isFoundDamaged(image.manifest())).isTrue();

        assertThat(images.isSound(image.manifest())).isFalse();
        assertThat(images.fetched(image)).isFalse();
        assertThat(store(synced::add).isSound(image.manifest()))
                .as("the next daemon knows")
                .isFalse();
        assertThat(images.prepared(image.manifest())).as("it can be tried").contains(before);
        registry.asked.clear();
        assertThat(prepare(image)).isEqualTo(before);
        assertThat(file).hasContent("two");
        assertThat(images.isFoundDamaged(image.manifest())).isFalse();
        assertThat(images.isSound(image.manifest())).isTrue();
        assertThat(registry.asked)
                .as("only the layer that is damaged")
                .singleElement()
                .asString()
                .contains(registry.layers(image).getLast().value());
    }

    @Test
    void aLayerOfWhichAFileCantBeFoundIsDamaged() throws IOException {
        Image image = registry.image("linux", "amd64", "one");
        Files.delete(content.resolve("layers/" + prepare(image).layers().getFirst() + "/file-one"));

        assertThat(images.isFoundDamaged(image.manifest())).isTrue();
    }

    @Test
    void aDamagedLayerCanBeRunFromUntilTheNewOneIsWhole() throws IOException {
        Image image = registry.image("linux", "amd64", "one");
        PreparedImage before = prepare(image);
        Files.writeString(content.resolve("layers/" + before.layers().getFirst() + "/file-one"), "eno");
        images.isFoundDamaged(image.manifest());
        ImageStore failing = store(_ -> {
            throw new Problem("disk.failed", "no sync").asException();
        });

        assertProblem("disk.failed", () -> prepare(failing, image));

        assertThat(failing.prepared(image.manifest())).contains(before);
        assertThat(failing.isSound(image.manifest())).isFalse();
    }

    @Test
    void aDamagedLayerIsPutBackByTheNextDaemonWhenNothingCameInItsPlace() throws IOException {
        Image image = registry.image("linux", "amd64", "one");
        String layer = prepare(image).layers().getFirst();
        Path folder = content.resolve("layers/" + layer);
        Files.move(folder, folder.resolveSibling(layer + ".1.01234567.aside"));

        store();

        assertThat(folder.resolve("file-one")).hasContent("one");
        assertThat(asides()).isEmpty();
    }

    @Test
    void aLayerThatWasUnpackedBeforeThereWerePrintsIsSoundAndCantBeCompared() throws IOException {
        Image image = registry.image("linux", "amd64", "one");
        Path mark = content.resolve("layers/" + prepare(image).layers().getFirst() + ".done");
        Files.writeString(mark, Files.readString(mark).substring(0, "sha256:".length() + 64));

        assertThat(images.isSound(image.manifest())).isTrue();
        assertThat(images.isFoundDamaged(image.manifest())).isFalse();
    }

    @Test
    void whatIsNotHereIsNotDamaged() throws IOException {
        Image image = registry.image("linux", "amd64", "one");

        assertThat(images.isFoundDamaged(image.manifest())).isFalse();
        assertThat(images.isSound(image.manifest())).isFalse();
    }

    private long reserved() throws IOException {
        return Files.size(content.resolve("reserved/" + REVISION));
    }

    private Path blob(Digest digest) {
        return content.resolve("blobs/" + digest.hex().substring(0, 2) + "/" + digest.hex());
    }

    private PreparedImage prepare(Image image) {
        return prepare(images, image);
    }

    private static PreparedImage prepare(ImageStore images, Image image) {
        images.fetch(image);
        return images.unpack(image);
    }

    private ImageStore store(Consumer<Path> sync) {
        disk = new TestDisk(sync, true, laidUnder);
        return store();
    }

    private ImageStore store() {
        return new ImageStore(
                content,
                new RegistryClient(registry, RegistryAccess.anonymous()),
                "cloud.example:7444",
                Architecture.AMD64,
                disk,
                boot);
    }

    /** Takes room as the real one, if it can, and only tells what is synced. */
    private record TestDisk(Consumer<Path> synced, boolean allocates, Set<String> laidUnder) implements ContentDisk {
        @Override
        public boolean isLaidUnder(String layer) {
            return laidUnder.contains(layer);
        }

        @Override
        public void sync(Path folder) {
            synced.accept(folder);
        }

        @Override
        public boolean allocate(Path file, long bytes) {
            return allocates && new HostDisk(new HostCommands()).allocate(file, bytes);
        }
    }

    private static List<String> files(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(Files::isRegularFile).map(Path::toString).toList();
        }
    }

    private static void assertProblem(String code, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        ProblemException.class, e -> assertThat(e.code()).isEqualTo(code));
    }
}
