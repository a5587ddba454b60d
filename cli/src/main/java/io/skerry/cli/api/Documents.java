package io.skerry.cli.api;

import io.avaje.jsonb.JsonType;
import io.avaje.jsonb.Jsonb;
import io.skerry.spec.JsonMappers;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The JSON of this program: names in snake case, every field always there, null for what is absent. */
public final class Documents {
    private static final Jsonb JSON =
            JsonMappers.mapper(m -> m.serializeNulls(true)).build();

    private Documents() {}

    public static <T> JsonType<T> of(Class<T> type) {
        return JSON.type(type);
    }

    /** A record from maps, lists and plain values; a field that is null or missing is an empty optional. */
    static <T> T read(Class<T> type, Object value) {
        // By way of text: the library's reader of objects loses fields behind a nested one.
        return of(type).fromJson(untyped().toJsonBytes(withoutNulls(value)));
    }

    /** The library reads a missing field as an empty optional, but a null as a null. */
    private static Object withoutNulls(Object value) {
        return switch (value) {
            case Map<?, ?> map -> {
                Map<Object, Object> kept = new LinkedHashMap<>();
                map.forEach((name, part) -> {
                    if (part != null) {
                        kept.put(name, withoutNulls(part));
                    }
                });
                yield kept;
            }
            case List<?> list -> list.stream().map(Documents::withoutNulls).toList();
            default -> value;
        };
    }

    /** Maps, lists, texts, numbers, truth values and nulls. */
    static JsonType<Object> untyped() {
        return JSON.type(Object.class);
    }
}
