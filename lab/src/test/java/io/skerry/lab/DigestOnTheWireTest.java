package io.skerry.lab;

import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.spec.Digest;
import io.skerry.spec.Wire;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** With the modules of a program together: each brings generated adapters, and they must not disagree. */
class DigestOnTheWireTest {
    private static final Digest DIGEST = Digest.of("x".getBytes(StandardCharsets.UTF_8));

    @Test
    void aDigestIsAPlainString() {
        String json = "[\"" + DIGEST.value() + "\"]";
        assertThat(Wire.strict(Digest.class).list().toJson(List.of(DIGEST))).isEqualTo(json);
        assertThat(Wire.lenient(Digest.class).list().fromJson(json)).containsExactly(DIGEST);
    }
}
