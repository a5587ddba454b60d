package io.skerry.content.files;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeptTwiceTest {
    @TempDir
    Path folder;

    private Path file = Path.of("/");

    @BeforeEach
    void name() {
        file = folder.resolve("x.json");
    }

    @Test
    void theFileIsForWhoeverLooksAndTheCopyCounts() {
        KeptTwice.write(file, "{}".getBytes(UTF_8), 0600);

        assertThat(file).hasContent("{}");
        assertThat(KeptTwice.read(file)).hasValue("{}".getBytes(UTF_8));
    }

    @Test
    void aCopyOfWhichAnyBitIsTurnedOrTheEndIsMissingDoesNotCount() throws IOException {
        KeptTwice.write(file, "{\"n\":1}".getBytes(UTF_8), 0600);
        Path copy = folder.resolve("x.json.copy");
        byte[] whole = Files.readAllBytes(copy);

        for (int bit = 0; bit < whole.length * 8; bit++) {
            byte[] spoilt = whole.clone();
            spoilt[bit / 8] ^= (byte) (1 << (bit % 8));
            Files.write(copy, spoilt);
            assertThat(KeptTwice.read(file)).as("bit " + bit).isEmpty();
        }
        for (int length = 0; length < whole.length; length++) {
            Files.write(copy, Arrays.copyOf(whole, length));
            assertThat(KeptTwice.read(file)).as("length " + length).isEmpty();
        }
        assertThat(KeptTwice.hasCopy(file)).isTrue();
    }

    @Test
    void nothingIsThereAfterItWasDeleted() {
        KeptTwice.write(file, "{}".getBytes(UTF_8), 0600);

        KeptTwice.delete(file);

        assertThat(KeptTwice.read(file)).isEmpty();
        assertThat(KeptTwice.hasCopy(file)).isFalse();
        assertThat(file).doesNotExist();
    }
}
