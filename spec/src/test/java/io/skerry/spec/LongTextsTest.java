package io.skerry.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.avaje.jsonb.JsonType;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Texts that are longer than the library's own reader bears, and whatever stands beside them. */
class LongTextsTest {
    private static final JsonType<Object> ANY = JsonMappers.mapper().build().type(Object.class);
    private static final JsonType<Problem> PROBLEM = Wire.strict(Problem.class);
    /** Makes any document a long one. */
    private static final String LONG = "y".repeat(40_000);

    @ParameterizedTest
    @ValueSource(ints = {24_575, 32_767, 32_768, 50_001, 2_000_000})
    void aTextOfAnyLengthIsRead(int length) {
        Problem problem = new Problem("long", "x".repeat(length), "é".repeat(length));

        assertThat(Wire.read(PROBLEM, PROBLEM.toJsonBytes(problem), "The problem"))
                .isEqualTo(problem);
    }

    @Test
    void whatIsWrittenIsReadAgainWhateverTheTextsAre() {
        var random = new Random(7);
        for (int round = 0; round < 300; round++) {
            List<Object> texts = new ArrayList<>(List.of(LONG));
            for (int i = random.nextInt(20); i > 0; i--) {
                texts.add(random.nextInt(4) == 0 ? Map.of("field", text(random)) : text(random));
            }
            byte[] json = ANY.toJsonBytes(Map.of("texts", texts, "last", text(random)));

            assertThat(ANY.toJsonBytes(ANY.fromJson(json))).isEqualTo(json);
            assertThat(ANY.fromJson(json)).asString().contains(texts.getLast().toString());
        }
    }

    @Test
    void escapesAndSpacesAreReadAsTheStandardSaysThem() {
        String json = "{ \"long\" : \"" + LONG
                + "\" ,\n \"a\" : \"\\u0041\\u00e9\\uD83D\\uDE00\\/\\\"\\\\\\b\\f\\n\\r\\t\"  \n, \"b\":\"\",\"c\":[ \"\\u005c\" , null ]}";

        assertThat(ANY.fromJson(json.getBytes(StandardCharsets.UTF_8)))
                .asString()
                .endsWith(", a=Aé😀/\"\\\b\f\n\r\t, b=, c=[\\, null]}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"\\x\"",
                "\"\\u12\"",
                "\"\\u12g4\"",
                "\"\\u００４１\"",
                "\"no end",
                "\"a\"\u202f",
                "\"\\",
                "17",
                "{}",
                "true"
            })
    void whatIsNoTextIsMalformedThoughItStandsBesideALongOne(String text) {
        String json = "{\"code\":\"a\",\"message\":\"" + LONG + "\",\"remedy\":" + text + "}";

        assertThatThrownBy(() -> Wire.read(PROBLEM, json.getBytes(StandardCharsets.UTF_8), "The problem"))
                .isInstanceOfSatisfying(
                        ProblemException.class, e -> assertThat(e.code()).isEqualTo("json.malformed"));
    }

    private static String text(Random random) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(30); i > 0; i--) {
            text.append(
                    switch (random.nextInt(6)) {
                        case 0 -> "\"";
                        case 1 -> "\\";
                        case 2 -> Character.toString(random.nextInt(32));
                        case 3 -> "😀";
                        case 4 -> Character.toString(0x80 + random.nextInt(0xd000));
                        default -> "plain ";
                    });
        }
        return text.toString();
    }
}
