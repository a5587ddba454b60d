package io.skerry.device.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skerry.content.registry.RegistryAccess;
import io.skerry.content.registry.RegistryClient;
import io.skerry.device.host.HostCommands;
import io.skerry.device.revision.PreparedImage;
import io.skerry.spec.Architecture;
import io.skerry.spec.Digest;
import io.skerry.spec.ProblemException;
import io.skerry.spec.desired.Image;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A store of images with a registry in memory, on a disk that tells what it is asked. */
abstract class ImageScene {
    static final int REVISION = 7;

    @TempDir
    Path content;

    final FakeRegistry registry = new FakeRegistry();

    final List<Path> synced = new ArrayList<>();

    final Set<String> laidUnder = new HashSet<>();

    ContentDisk disk = new TestDisk(synced::add, true, laidUnder);

    String boot = "boot-1";

    ImageStore images;

    @BeforeEach
    void open() {
        images = store(synced::add);
    }

    List<Path> asides() throws IOException {
        try (var entries = Files.newDirectoryStream(content.resolve("layers"), "*.aside")) {
            List<Path> all = new ArrayList<>();
            entries.forEach(all::add);
            return all;
        }
    }

    Path blob(Digest digest) {
        return content.resolve("blobs/" + digest.hex().substring(0, 2) + "/" + digest.hex());
    }

    PreparedImage prepare(Image image) {
        return prepare(images, image);
    }

    static PreparedImage prepare(ImageStore images, Image image) {
        images.fetch(image);
        return images.unpack(image);
    }

    ImageStore store(Consumer<Path> sync) {
        disk = new TestDisk(sync, true, laidUnder);
        return store();
    }

    ImageStore store() {
        return new ImageStore(
                content,
                new RegistryClient(registry, RegistryAccess.anonymous()),
                "cloud.example:7444",
                Architecture.AMD64,
                disk,
                boot);
    }

    /** Takes room as the real one, if it can, and only tells what is synced. */
    record TestDisk(Consumer<Path> synced, boolean allocates, Set<String> laidUnder) implements ContentDisk {
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

    static List<String> files(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(Files::isRegularFile).map(Path::toString).toList();
        }
    }

    static void assertProblem(String code, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        ProblemException.class, e -> assertThat(e.code()).isEqualTo(code));
    }
}
