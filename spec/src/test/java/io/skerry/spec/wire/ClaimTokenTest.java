package io.skerry.spec.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skerry.spec.ProblemException;
import org.junit.jupiter.api.Test;

class ClaimTokenTest {
    private static final String SECRET = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQ";
    private static final String AUTHORITY = "0123456789abcdef".repeat(4);

    @Test
    void readsBackWhatItWrote() {
        var token = new ClaimToken(SECRET, AUTHORITY);

        assertThat(ClaimToken.parse(token.text() + "\n")).isEqualTo(token);
    }

    @Test
    void itsIdIsTheBeginningOfTheSecretsHash() {
        assertThat(new ClaimToken(SECRET, AUTHORITY).id()).isEqualTo("46a2199782c8827f");
    }

    @Test
    void isNotShownByAccident() {
        assertThat(new ClaimToken(SECRET, AUTHORITY)).asString().doesNotContain(SECRET);
    }

    @Test
    void malformedTokenIsRefusedWithoutBeingRepeated() {
        assertThatThrownBy(() -> ClaimToken.parse("skc1_" + SECRET))
                .isInstanceOfSatisfying(ProblemException.class, e -> {
                    assertThat(e.code()).isEqualTo("claim-token.malformed");
                    assertThat(e.problem().sentence()).doesNotContain(SECRET);
                });
    }
}
