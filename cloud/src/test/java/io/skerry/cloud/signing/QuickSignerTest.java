package io.skerry.cloud.signing;

import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.content.signing.SigningKey;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QuickSignerTest {
    @TempDir
    Path folder;

    @Test
    void signsAsTheKeyItself() {
        var random = new Random(7);
        for (int keys = 0; keys < 8; keys++) {
            SigningKey key = SigningKey.generate();
            Path file = folder.resolve("key-" + keys + ".pem");
            key.save(file);

            QuickSigner quick = QuickSigner.load(file);

            assertThat(quick.keyId()).isEqualTo(key.keyId());
            for (int length : new int[] {0, 1, 31, 32, 33, 127, 128, 129, 5_000}) {
                var message = new byte[length];
                random.nextBytes(message);
                assertThat(quick.sign(message)).isEqualTo(key.sign(message));
            }
        }
    }
}
