package io.skerry.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DigestTest {
    /** SHA-256 of the empty string: the vector of FIPS 180-4's examples. */
    private static final String OF_NOTHING = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    @Test
    void isTheSha256OfTheBytes() {
        assertThat(Digest.of(new byte[0])).hasToString(OF_NOTHING);
    }

    @Test
    void ofComputationEqualsOfBytes() {
        var bytes = "abc".getBytes(StandardCharsets.UTF_8);
        var computation = Digest.sha256();
        computation.update(bytes);

        assertThat(Digest.of(computation)).isEqualTo(Digest.of(bytes));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "sha256:",
                "sha512:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
                "sha256:E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855",
                "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b85",
                "sha256:../../../../../../../../../../../../../../../../../../etc/passwd0000"
            })
    void refusesAnyOtherForm(String text) {
        assertThatThrownBy(() -> new Digest(text))
                .isInstanceOfSatisfying(
                        ProblemException.class, e -> assertThat(e.code()).isEqualTo("digest.malformed"));
    }
}
