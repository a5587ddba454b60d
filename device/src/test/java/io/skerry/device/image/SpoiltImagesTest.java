package io.skerry.device.image;

import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.device.revision.PreparedImage;
import io.skerry.spec.Problem;
import io.skerry.spec.desired.Image;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the disk loses of images is found, and comes again. */
class SpoiltImagesTest extends ImageScene {
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
}
