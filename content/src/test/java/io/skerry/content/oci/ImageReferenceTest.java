package io.skerry.content.oci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.skerry.spec.Digest;
import io.skerry.spec.ProblemException;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ImageReferenceTest {
    private static final String HEX = "a".repeat(64);

    /** The cases of the reference implementation's tests (distribution/reference) that Docker users meet. */
    @ParameterizedTest
    @CsvSource({
        "alpine, docker.io/library/alpine:latest",
        "alpine:3.20, docker.io/library/alpine:3.20",
        "grafana/loki, docker.io/grafana/loki:latest",
        "docker.io/alpine, docker.io/library/alpine:latest",
        "index.docker.io/library/alpine, docker.io/library/alpine:latest",
        "localhost/web, localhost/web:latest",
        "localhost:5000/web:1, localhost:5000/web:1",
        "Registry.Example/a/b/c:V_1, registry.example/a/b/c:V_1",
        "10.0.0.1:5000/x, 10.0.0.1:5000/x:latest",
        "[fd00::1]:5000/x, [fd00::1]:5000/x:latest",
        "ghcr.io/o/i__x.y-z, ghcr.io/o/i__x.y-z:latest",
        "sub/dom:1, docker.io/sub/dom:1",
    })
    void readsReferencesAsDockerDoes(String written, String full) {
        ImageReference reference = ImageReference.parse(written);

        assertThat(reference).hasToString(full);
        assertThat(ImageReference.parse(full)).isEqualTo(reference);
    }

    @Test
    void asksForTheDigestWhenThereIsOne() {
        ImageReference reference = ImageReference.parse("r.example/x:1@sha256:" + HEX);

        assertThat(reference.target()).isEqualTo("sha256:" + HEX);
        assertThat(reference.tag()).contains("1");
        assertThat(ImageReference.parse("r.example/x@sha256:" + HEX).tag()).isEmpty();
        assertThat(ImageReference.parse("x").withDigest(Digest.of(new byte[0])).target())
                .startsWith("sha256:e3b0c442");
    }

    @Test
    void knowsWhereDockerHubReallyIs() {
        assertThat(ImageReference.parse("alpine").authority()).isEqualTo("registry-1.docker.io");
        assertThat(ImageReference.parse("r.example:1/x").authority()).isEqualTo("r.example:1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/",
                "a/",
                "/a",
                "a//b",
                "A/b",
                "r.example/Upper",
                "a:",
                "a:b:c/d",
                "a:-x",
                "a@",
                "a@sha256:12",
                "a@md5:1",
                "r.example:99999/x",
                "r.example:x/y",
                "-r.example/x",
                "r..example/x",
                "a b",
                "https://r.example/x",
                "a__.b",
                "r.example/../x",
                "a?b",
                "a\u0000b",
                "user@r.example/x",
                "[::1/x"
            })
    void refusesWhatNamesNoImage(String written) {
        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(() -> ImageReference.parse(written))
                .satisfies(e -> assertThat(e.code()).isEqualTo("image-reference.malformed"));
    }

    @Test
    void everyReferenceThatIsReadIsReadAgainTheSame() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        String alphabet = "ab1.-_/:@[]ZQ%";
        for (int i = 0; i < 20_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int n = random.nextInt(20); n >= 0; n--) {
                text.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            readsAgainTheSame(text.toString(), "seed " + seed);
        }
    }

    @FuzzTest(maxDuration = "10s")
    void survivesAnything(byte[] text) {
        readsAgainTheSame(new String(text, java.nio.charset.StandardCharsets.UTF_8), "fuzzed");
    }

    private static void readsAgainTheSame(String text, String how) {
        ImageReference reference;
        try {
            reference = ImageReference.parse(text);
        } catch (ProblemException e) {
            return;
        }
        assertThat(ImageReference.parse(reference.toString())).as(how).isEqualTo(reference);
    }
}
