package io.skerry.device.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skerry.content.registry.RegistryAccess;
import io.skerry.content.registry.RegistryClient;
import io.skerry.spec.Architecture;
import io.skerry.spec.Problem;
import io.skerry.spec.ProblemException;
import io.skerry.spec.desired.Image;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageStoreTest {
    @TempDir
    Path content;

    private final FakeRegistry registry = new FakeRegistry();
    private final List<Path> synced = new ArrayList<>();
    private ImageStore images;

    @BeforeEach
    void open() {
        images = store(synced::add);
    }

    @Test
    void fetchesUnpacksAndForgetsTheCompressedLayers() throws IOException {
        Image image = registry.image("linux", "amd64", "one", "two");

        var prepared = images.prepare(image);

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
        images.prepare(image);
        registry.asked.clear();

        images.prepare(image);
        store(synced::add).prepare(image);

        assertThat(registry.asked).isEmpty();
    }

    @Test
    void sharesLayersOfImages() throws IOException {
        images.prepare(registry.image("linux", "amd64", "base", "one"));
        registry.asked.clear();

        images.prepare(registry.image("linux", "amd64", "base", "two"));

        // Manifest, configuration and the one layer that is new.
        assertThat(registry.asked).hasSize(3);
    }

    @Test
    void refusesAnImageForAnotherArchitecture() throws IOException {
        Image image = registry.image("linux", "riscv64", "one");

        assertProblem("image.architecture-mismatch", () -> images.prepare(image));
        assertThat(files(content.resolve("layers"))).isEmpty();
    }

    @Test
    void refusesALayerWithOtherBytesThanItsDigest() throws IOException {
        Image image = registry.image("linux", "amd64", "one");
        registry.corrupt(registry.layers(image).getFirst());

        assertThatThrownBy(() -> images.prepare(image)).isInstanceOf(ProblemException.class);
        assertThat(images.prepared(image.manifest())).isEmpty();
    }

    @Test
    void aLayerThatWasNotSyncedDoesNotCount() throws IOException {
        Image image = registry.image("linux", "amd64", "one");
        var failing = store(_ -> {
            throw new Problem("disk.failed", "no sync").asException();
        });
        assertProblem("disk.failed", () -> failing.prepare(image));

        assertThat(images.prepared(image.manifest())).isEmpty();
        registry.asked.clear();
        images.prepare(image);

        assertThat(images.prepared(image.manifest())).isPresent();
        assertThat(registry.asked).as("the layer's blob was kept").isEmpty();
    }

    @Test
    void collectsWhatNothingNeeds() throws IOException {
        Image old = registry.image("linux", "amd64", "base", "one");
        Image current = registry.image("linux", "amd64", "base", "two");
        images.prepare(old);
        images.prepare(current);

        images.collect(Set.of(current.manifest()));

        assertThat(images.prepared(old.manifest())).isEmpty();
        assertThat(images.prepared(current.manifest())).isPresent();
        assertThat(files(content.resolve("blobs"))).hasSize(2);
        assertThat(files(content.resolve("layers")))
                .filteredOn(f -> f.endsWith(".done"))
                .hasSize(2);
    }

    @Test
    void refusesAnImageThatTheDiskHasNoRoomForBeforeItsFirstLayer() throws IOException {
        Image small = registry.image("linux", "amd64", "one");
        Image huge = new Image(small.repository(), small.manifest(), small.compressedBytes(), Long.MAX_VALUE / 4);

        assertProblem("disk.full", () -> images.prepare(huge));

        assertThat(registry.asked)
                .noneMatch(a -> a.contains(registry.layers(small).getFirst().value()));
    }

    @Test
    void namesTheFiguresOfAFullDisk() {
        assertThatThrownBy(() -> SpaceCheck.require("customer/web", 500_000_000, 100_000_000))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        e -> assertThat(e.problem().message()).contains("customer/web", "500 MB", "100 MB"));
    }

    private ImageStore store(FileSystemSync sync) {
        return new ImageStore(
                content,
                new RegistryClient(registry, RegistryAccess.anonymous()),
                "cloud.example:7444",
                Architecture.AMD64,
                sync);
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
