package io.skerry.content.unpack;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.skerry.spec.Digest;
import io.skerry.spec.ProblemException;
import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LayerUnpackerFuzzTest {
    private static final UnpackLimits LIMITS = new UnpackLimits(1 << 20, 1_000);

    @TempDir
    private Path temp;

    @FuzzTest(maxDuration = "10s")
    void survivesAnything(byte[] layer) throws Exception {
        unpack(layer, "fuzzed");
    }

    /** Real archives with a few bytes changed reach deeper than noise does. */
    @Test
    void survivesSpoiltArchives() throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        byte[] good = new Tars()
                .folder("etc")
                .file("etc/a", "content of a")
                .symlink("etc/b", "../etc/a")
                .link("etc/c", "etc/a")
                .file("etc/.wh.d", "")
                .file("x".repeat(120) + "/" + "y".repeat(120), "long")
                .entry("sparse", TarConstants.LF_GNUTYPE_SPARSE, e -> {}, "s")
                .bytes();
        for (int i = 0; i < 1_000; i++) {
            byte[] spoilt = good.clone();
            for (int n = random.nextInt(4); n >= 0; n--) {
                spoilt[random.nextInt(spoilt.length)] = (byte) random.nextInt(256);
            }
            unpack(spoilt, "seed " + seed + ", case " + i);
        }
    }

    private void unpack(byte[] layer, String how) throws Exception {
        Path area = Files.createDirectories(temp.resolve("area"));
        Path folder = area.resolve("layer");
        try {
            new LayerUnpacker(LIMITS).unpack(new ByteArrayInputStream(layer), Digest.of(layer), folder);
        } catch (ProblemException refused) {
            assertThat(folder).as(how).doesNotExist();
        }
        // Whatever it was, only the layer's own folder may be there.
        try (var left = Files.list(area)) {
            assertThat(left.map(p -> p.getFileName().toString()).filter(n -> !n.equals("layer")))
                    .as(how)
                    .isEmpty();
        }
        try (var left = Files.list(temp)) {
            assertThat(left).as(how).containsExactly(area);
        }
    }
}
