package io.skerry.spec;

import io.avaje.json.JsonException;
import io.avaje.jsonb.JsonType;
import io.avaje.jsonb.Jsonb;
import java.util.Objects;
import java.util.regex.Pattern;

/** How Skerry's records are written to and read from JSON. */
public final class Wire {
    // The generator writes an adapter of its own for a digest into each module whose records hold one, which would make
    // it an
    // object: the one here is added first, so that it is found first.
    private static final Jsonb STRICT = JsonMappers.mapper(m -> m.failOnUnknown(true))
            .add(Digest.class, DigestJson::new)
            .build();
    private static final Jsonb LENIENT =
            JsonMappers.mapper().add(Digest.class, DigestJson::new).build();

    private static final Pattern QUOTED =
            Pattern.compile("(?s)(,? instead found '.'| at)? *(at )?position:?.*|, following:.*|, before:.*");

    /** Many times what any record of Skerry needs. */
    private static final int DEEPEST = 100;

    private Wire() {}

    /** For documents in which an unknown field must be refused, because ignoring it would be without effect. */
    public static <T> JsonType<T> strict(Class<T> type) {
        return STRICT.type(type);
    }

    /** For reports in which an unknown field may be passed over, because an older reader loses nothing by it. */
    public static <T> JsonType<T> lenient(Class<T> type) {
        return LENIENT.type(type);
    }

    /**
     * Reads bytes from outside.
     *
     * @param what what is being read, for the message: "The desired state"
     * @throws ProblemException {@code json.malformed}, naming what and where
     */
    public static <T> T read(JsonType<T> type, byte[] bytes, String what) {
        try {
            requireShallow(bytes);
            return Objects.requireNonNull(type.fromJson(bytes), "it is null");
        } catch (JsonException
                | NullPointerException
                | IllegalArgumentException
                | IllegalStateException
                | IndexOutOfBoundsException e) {
            // A missing field reaches a record as null and is refused there; it is the same mistake as bad JSON. Text
            // that
            // ends too soon has the parser look beyond its end. It is no cause, for logs show causes, and it quotes the
            // text.
            throw new Problem(
                            "json.malformed",
                            what + " can't be read: " + fault(e) + ".",
                            "Compare it with its description in the documentation.")
                    .asException();
        }
    }

    /** The parser calls itself for each level, and bytes from outside mustn't fill its thread's stack. */
    private static void requireShallow(byte[] json) {
        int depth = 0;
        boolean quoted = false;
        for (int i = 0; i < json.length; i++) {
            byte at = json[i];
            if (at == '"') {
                quoted = !quoted;
            } else if (quoted) {
                i += at == '\\' ? 1 : 0;
            } else if (at == '[' || at == '{') {
                depth++;
            } else if (at == ']' || at == '}') {
                depth--;
            }
            if (depth > DEEPEST) {
                throw new IllegalArgumentException("it is nested more than " + DEEPEST + " deep");
            }
        }
    }

    /** The parser's own words without what it quotes of the text, which may be a secret. */
    private static String fault(RuntimeException e) {
        String said = String.valueOf(e.getMessage());
        return Text.shortened(QUOTED.matcher(said).replaceFirst(""), 200);
    }
}
