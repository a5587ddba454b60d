package io.skerry.device.container;

import io.avaje.json.JsonWriter;
import io.avaje.json.stream.JsonStream;
import java.util.List;
import java.util.Map;

/** Writes the maps, lists, strings, numbers and booleans of a runtime's configuration as JSON. */
final class OciJson {
    /** JSON that is there as text already. */
    record Text(String json) {}

    private OciJson() {}

    static byte[] bytes(Map<String, ?> document) {
        var out = new java.io.ByteArrayOutputStream(16 << 10);
        try (JsonWriter writer = JsonStream.builder().build().writer(out)) {
            write(writer, document);
        }
        return out.toByteArray();
    }

    private static void write(JsonWriter writer, Object value) {
        switch (value) {
            case String text -> writer.value(text);
            case Boolean yes -> writer.value(yes);
            case Integer number -> writer.value(number);
            case Long number -> writer.value(number);
            case Text text -> writer.rawValue(text.json());
            case List<?> list -> {
                writer.beginArray();
                list.forEach(item -> write(writer, item));
                writer.endArray();
            }
            case Map<?, ?> map -> {
                writer.beginObject();
                map.forEach((name, item) -> {
                    writer.name(String.valueOf(name));
                    write(writer, item);
                });
                writer.endObject();
            }
            default -> throw new IllegalArgumentException("not a part of a configuration: " + value.getClass());
        }
    }
}
