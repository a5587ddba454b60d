package io.skerry.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.skerry.content.oci.ImageConfigs;
import io.skerry.spec.Architecture;
import io.skerry.spec.Digest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SampleImageTest {
    @TempDir
    Path folder;

    @BeforeEach
    void needsBusybox() {
        assumeTrue(Files.isReadable(Path.of("/bin/busybox")), "busybox-static is not installed");
    }

    @Test
    void eachBlobIsWhatItsNameSays() throws IOException {
        new SampleImage(1, Breakage.NONE).writeLayout(folder, Architecture.AMD64);
        try (Stream<Path> blobs = Files.list(folder.resolve("blobs/sha256"))) {
            List<Path> all = blobs.toList();
            assertThat(all).hasSize(3);
            for (Path blob : all) {
                assertThat(Digest.of(Files.readAllBytes(blob)).hex())
                        .isEqualTo(blob.getFileName().toString());
            }
        }
    }

    @Test
    void theConfigurationNamesTheLayerAsItUnpacks() throws IOException {
        new SampleImage(3, Breakage.NONE).writeLayout(folder, Architecture.ARMHF);
        String manifest = Files.readString(blob(Files.readString(folder.resolve("index.json")), 0));
        var config = ImageConfigs.parse(Files.readAllBytes(blob(manifest, 0)));
        assertThat(config.architecture()).isEqualTo("arm");
        assertThat(config.variant()).isEqualTo("v7");
        assertThat(config.entrypoint()).containsExactly("/bin/sh", "/app/hello");
        try (var gzip = new GZIPInputStream(Files.newInputStream(blob(manifest, 1)))) {
            assertThat(config.diffIds()).containsExactly(Digest.of(gzip.readAllBytes()));
        }
    }

    @Test
    void theSameVersionIsTheSameBytes() throws IOException {
        new SampleImage(2, Breakage.NONE).writeLayout(folder.resolve("a"), Architecture.AMD64);
        new SampleImage(2, Breakage.NONE).writeLayout(folder.resolve("b"), Architecture.AMD64);
        new SampleImage(3, Breakage.NONE).writeLayout(folder.resolve("c"), Architecture.AMD64);
        String first = Files.readString(folder.resolve("a/index.json"));
        assertThat(Files.readString(folder.resolve("b/index.json"))).isEqualTo(first);
        assertThat(Files.readString(folder.resolve("c/index.json"))).isNotEqualTo(first);
    }

    @Test
    void eachBreakageIsInTheScript() throws IOException {
        assertThat(script(Breakage.NONE)).contains("httpd").contains("while");
        assertThat(script(Breakage.EXITS)).contains("exit 3").doesNotContain("httpd");
        assertThat(script(Breakage.UNHEALTHY)).contains("while").doesNotContain("httpd");
        assertThat(script(Breakage.HUNGRY)).contains("httpd").contains("$eaten$eaten");
        assertThat(script(Breakage.CRASH_LOOP)).contains("httpd").contains("exit 1");
    }

    private String script(Breakage breakage) throws IOException {
        Path layout = folder.resolve(breakage.word());
        new SampleImage(1, breakage).writeLayout(layout, Architecture.AMD64);
        String manifest = Files.readString(blob(layout, Files.readString(layout.resolve("index.json")), 0));
        byte[] layer = Files.readAllBytes(blob(layout, manifest, 1));
        try (var tar = new TarArchiveInputStream(new GZIPInputStream(new ByteArrayInputStream(layer)))) {
            for (TarArchiveEntry e = tar.getNextEntry(); e != null; e = tar.getNextEntry()) {
                if (e.getName().equals("app/hello")) {
                    return new String(tar.readAllBytes(), StandardCharsets.UTF_8);
                }
            }
        }
        throw new AssertionError("no script in the layer");
    }

    private Path blob(String json, int index) {
        return blob(folder, json, index);
    }

    /** The blob that the digest with this number in a JSON text names. */
    private static Path blob(Path layout, String json, int index) {
        Matcher m = Pattern.compile("sha256:([0-9a-f]{64})").matcher(json);
        List<String> found = new ArrayList<>();
        while (m.find()) {
            found.add(m.group(1));
        }
        return layout.resolve("blobs/sha256").resolve(found.get(index));
    }
}
