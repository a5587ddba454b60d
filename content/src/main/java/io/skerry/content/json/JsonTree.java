package io.skerry.content.json;

import io.avaje.json.JsonException;
import io.avaje.jsonb.JsonType;
import io.skerry.spec.JsonMappers;
import io.skerry.spec.Problem;
import io.skerry.spec.ProblemException;
import io.skerry.spec.Text;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A value in a JSON document from outside, with where it stands for the message when it isn't what it should be. A null is
 * taken as a missing field, as Go's programs write it.
 *
 * <p>Every method that finds something else than it asks for throws a problem of the code that was given to {@link #parse}.
 */
public final class JsonTree {
    private static final int DEEPEST = 64;
    private static final int MOST_VALUES = 100_000;
    private static final JsonType<Object> ANY = JsonMappers.mapper().build().type(Object.class);

    /** What is being read, for messages. */
    private record Reading(String code, String what) {}

    private final Reading reading;
    private final String where;
    private final Object value;

    private JsonTree(Reading reading, String where, Object value) {
        this.reading = reading;
        this.where = where;
        this.value = value;
    }

    /**
     * Reads an object.
     *
     * @param code of the problem when it can't be read
     * @param what is being read, for its message: "The manifest of x"
     */
    public static JsonTree parse(byte[] bytes, String code, String what) {
        Reading reading = new Reading(code, what);
        checkShape(bytes, reading);
        Object value;
        try {
            value = ANY.fromJson(bytes);
        } catch (JsonException | IllegalArgumentException | IllegalStateException | IndexOutOfBoundsException e) {
            throw malformed(reading, "it is not JSON", e);
        }
        if (!(value instanceof Map)) {
            throw malformed(reading, "it is not a JSON object", null);
        }
        return new JsonTree(reading, "", value);
    }

    public Optional<JsonTree> field(String name) {
        Object child = object().get(name);
        return child == null ? Optional.empty() : Optional.of(new JsonTree(reading, join(name), child));
    }

    public JsonTree required(String name) {
        return field(name).orElseThrow(() -> wrong("'" + join(name) + "' is missing"));
    }

    /** The text in a field; empty when there is none. */
    public String text(String name) {
        return field(name).map(JsonTree::asText).orElse("");
    }

    /** The elements of a field's array; none when there is none. */
    public List<JsonTree> list(String name) {
        return field(name).map(JsonTree::elements).orElse(List.of());
    }

    /** The texts in a field's array; none when there is none. */
    public List<String> texts(String name) {
        return list(name).stream().map(JsonTree::asText).toList();
    }

    /** The field names of a field's object; none when there is none. */
    public List<String> names(String name) {
        return field(name)
                .map(f -> f.object().keySet().stream().map(f::whole).toList())
                .orElse(List.of());
    }

    public String asText() {
        if (value instanceof String text) {
            return whole(text);
        }
        throw wrong("'" + where + "' is not a text");
    }

    public long asWholeNumber() {
        if (value instanceof Long number) {
            return number;
        }
        if (value instanceof Integer number) {
            return number;
        }
        if (value instanceof Number number && number.doubleValue() == number.longValue()) {
            return number.longValue();
        }
        throw wrong("'" + where + "' is not a whole number");
    }

    public List<JsonTree> elements() {
        if (!(value instanceof List<?> list)) {
            throw wrong("'" + where + "' is not an array");
        }
        List<JsonTree> elements = new ArrayList<>(list.size());
        for (Object element : list) {
            String at = where + "[" + elements.size() + "]";
            if (element == null) {
                throw wrong("'" + at + "' is null");
            }
            elements.add(new JsonTree(reading, at, element));
        }
        return elements;
    }

    /** The problem that this value is for a reason, as a clause: "it has no layers". */
    public ProblemException wrong(String why) {
        return malformed(reading, why, null);
    }

    /** Where in the document this value stands; empty for the document. */
    public String where() {
        return where;
    }

    /** Half a character can't be written again. */
    private String whole(String text) {
        if (text.codePoints().anyMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE)) {
            throw wrong("'" + where + "' has a text that is not Unicode");
        }
        return text;
    }

    private Map<String, @Nullable Object> object() {
        if (!(value instanceof Map<?, ?> map)) {
            throw wrong("'" + where + "' is not an object");
        }
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        map.forEach((name, child) -> fields.put(String.valueOf(name), child));
        return fields;
    }

    private String join(String name) {
        return Text.shortened(where.isEmpty() ? name : where + "." + name, 120);
    }

    private static ProblemException malformed(Reading reading, String why, @Nullable Exception cause) {
        Problem problem =
                new Problem(reading.code(), reading.what() + " can't be read: " + Text.shortened(why, 200) + ".");
        return cause == null ? problem.asException() : problem.asException(cause);
    }

    /** Bounds what reading it takes in stack and memory, before it is read. */
    private static void checkShape(byte[] bytes, Reading reading) {
        int depth = 0;
        int values = 0;
        boolean inText = false;
        for (int i = 0; i < bytes.length; i++) {
            byte b = bytes[i];
            if (inText) {
                if (b == '\\') {
                    i++;
                } else if (b == '"') {
                    inText = false;
                }
                continue;
            }
            switch (b) {
                case '"' -> inText = true;
                case '[', '{' -> {
                    depth++;
                    values++;
                }
                case ']', '}' -> depth--;
                case ',' -> values++;
                default -> {}
            }
            if (depth > DEEPEST || values > MOST_VALUES) {
                throw malformed(
                        reading,
                        depth > DEEPEST
                                ? "it is nested deeper than " + DEEPEST
                                : "it has more than " + MOST_VALUES + " values",
                        null);
            }
        }
    }
}
