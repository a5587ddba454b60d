package io.skerry.device.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skerry.spec.Problem;
import io.skerry.spec.ProblemException;
import io.skerry.spec.desired.Image;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What comes, is unpacked and collected again. */
class ImageStoreTest extends ImageScene {
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
}
