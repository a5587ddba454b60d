package io.skerry.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.avaje.jsonb.JsonType;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WireTest {
    private static final JsonType<Problem> PROBLEM = Wire.lenient(Problem.class);

    @ParameterizedTest
    @ValueSource(strings = {"", "null", "[]", "{", "{\"code\":\"a\"", "{\"code\":null}"})
    void whatIsNoSuchDocumentIsMalformed(String json) {
        assertThatMalformed(json);
    }

    @ParameterizedTest
    @ValueSource(strings = {"[", "{\"x\":", "{\"code\":", "{\"x\":[{\"y\":"})
    void whatIsNestedWithoutEndIsMalformed(String opening) {
        assertThatMalformed(opening.repeat(1_000_000));
    }

    @Test
    void bracketsWithinTextNestNothing() {
        String json = "{\"code\":\"a\",\"message\":\"" + "[{\\\"".repeat(1000) + "\",\"remedy\":\"\"}";

        assertThat(read(json).message()).hasSize(3000);
    }

    private static void assertThatMalformed(String json) {
        assertThatThrownBy(() -> read(json))
                .isInstanceOfSatisfying(
                        ProblemException.class, e -> assertThat(e.code()).isEqualTo("json.malformed"));
    }

    private static Problem read(String json) {
        return Wire.read(PROBLEM, json.getBytes(StandardCharsets.UTF_8), "The problem");
    }
}
