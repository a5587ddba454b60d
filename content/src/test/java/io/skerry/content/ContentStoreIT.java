package io.skerry.content;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.skerry.content.unpack.LayerUnpacker;
import io.skerry.content.unpack.UnpackLimits;
import io.skerry.spec.Digest;
import io.skerry.spec.ProblemException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On a file system that really is full. Needs root to mount one. */
class ContentStoreIT {
    @TempDir
    private Path temp;

    private Path small;

    ContentStoreIT() {
        small = Path.of("unmounted");
    }

    @BeforeEach
    void mount() throws Exception {
        small = Files.createDirectory(temp.resolve("small"));
        run("mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", small.toString());
    }

    @AfterEach
    void unmount() throws Exception {
        run("umount", small.toString());
    }

    @Test
    void saysThatTheDiskIsFullAndWorksAgainWhenThereIsRoom() {
        ContentStore store = ContentStore.open(small.resolve("content"));
        byte[] large = new byte[1 << 20];

        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(() -> store.put(large))
                .satisfies(e -> assertThat(e.code()).isEqualTo("disk.full"))
                .withMessageContaining("bytes free");

        assertThat(store.has(Digest.of(large))).isFalse();
        store.delete(Digest.of(large));
        Digest one = store.put(new byte[] {1});
        assertThat(store.list()).containsExactly(one);
    }

    @Test
    void aLayerThatDoesNotFitLeavesNothingBehind() throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes)) {
            TarArchiveEntry entry = new TarArchiveEntry("large");
            entry.setSize(1 << 20);
            tar.putArchiveEntry(entry);
            tar.write(new byte[1 << 20]);
            tar.closeArchiveEntry();
        }
        byte[] layer = bytes.toByteArray();

        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(() -> new LayerUnpacker(UnpackLimits.ofBytes(1 << 22))
                        .unpack(new ByteArrayInputStream(layer), Digest.of(layer), small.resolve("layer")))
                .satisfies(e -> assertThat(e.code()).isEqualTo("disk.full"));
        assertThat(small).isEmptyDirectory();
    }

    private static void run(String... command) throws Exception {
        Process process = new ProcessBuilder(command).inheritIO().start();
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isZero();
    }
}
