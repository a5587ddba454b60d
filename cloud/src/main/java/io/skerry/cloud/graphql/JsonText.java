package io.skerry.cloud.graphql;

import io.avaje.json.JsonException;
import io.avaje.jsonb.JsonType;
import io.skerry.spec.JsonMappers;
import io.skerry.spec.Problem;
import io.skerry.spec.Text;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** JSON of no fixed shape, as GraphQL's variables and answers are. */
final class JsonText {
    private static final int DEEPEST = 64;
    private static final JsonType<Object> ANY =
            JsonMappers.mapper(m -> m.serializeNulls(true)).build().type(Object.class);

    private JsonText() {}

    /**
     * The object that these bytes are.
     *
     * @param what for the message: "The request"
     * @throws io.skerry.spec.ProblemException {@code json.malformed}
     */
    @SuppressWarnings("unchecked")
    static Map<String, @Nullable Object> object(byte[] bytes, String what) {
        // The parser recurses, so what is nested too deeply would end the thread's stack.
        if (deeperThan(DEEPEST, bytes)) {
            throw malformed(what, "is nested more than " + DEEPEST + " deep").asException();
        }
        Object read;
        try {
            read = ANY.fromJson(new String(bytes, StandardCharsets.UTF_8));
        } catch (JsonException | IllegalArgumentException | IllegalStateException e) {
            throw malformed(what, "is not JSON (" + Text.shortened(String.valueOf(e.getMessage()), 120) + ")")
                    .asException(e);
        }
        if (!isWellFormed(read)) {
            throw malformed(what, "holds half of a character, an escaped surrogate without the other one")
                    .asException();
        }
        if (!(read instanceof Map<?, ?> map)) {
            throw malformed(what, "is not a JSON object").asException();
        }
        return (Map<String, @Nullable Object>) map;
    }

    /** Whether all texts in it are Unicode: what isn't can't be stored. */
    private static boolean isWellFormed(@Nullable Object value) {
        return switch (value) {
            case Map<?, ?> map ->
                map.entrySet().stream().allMatch(e -> isWellFormed(e.getKey()) && isWellFormed(e.getValue()));
            case List<?> list -> list.stream().allMatch(JsonText::isWellFormed);
            case String text ->
                text.codePoints().noneMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE);
            case null, default -> true;
        };
    }

    static byte[] bytes(Map<String, ?> object) {
        return ANY.toJsonBytes(object);
    }

    private static Problem malformed(String what, String is) {
        return new Problem("json.malformed", what + " " + is + ".", "Send {\"query\": …, \"variables\": {…}}.");
    }

    private static boolean deeperThan(int most, byte[] json) {
        int depth = 0;
        boolean inText = false;
        for (int i = 0; i < json.length; i++) {
            byte b = json[i];
            if (inText) {
                if (b == '\\') {
                    i++;
                } else if (b == '"') {
                    inText = false;
                }
            } else if (b == '"') {
                inText = true;
            } else if (b == '{' || b == '[') {
                depth++;
                if (depth > most) {
                    return true;
                }
            } else if (b == '}' || b == ']') {
                depth--;
            }
        }
        return false;
    }
}
