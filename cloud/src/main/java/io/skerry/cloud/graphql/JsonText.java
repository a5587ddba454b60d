package io.skerry.cloud.graphql;

import io.avaje.json.JsonException;
import io.avaje.jsonb.JsonType;
import io.avaje.jsonb.Jsonb;
import io.skerry.spec.Problem;
import io.skerry.spec.Text;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** JSON of no fixed shape, as GraphQL's variables and answers are. */
final class JsonText {
    private static final int DEEPEST = 64;
    private static final JsonType<Object> ANY =
            Jsonb.builder().serializeNulls(true).serializeEmpty(true).build().type(Object.class);

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
        if (!(read instanceof Map<?, ?> map)) {
            throw malformed(what, "is not a JSON object").asException();
        }
        return (Map<String, @Nullable Object>) map;
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
