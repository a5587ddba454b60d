package io.skerry.cli.api;

import io.avaje.jsonb.JsonType;
import io.avaje.jsonb.Jsonb;

/** The JSON of this program: names in snake case, every field always there, null for what is absent. */
public final class Documents {
    private static final Jsonb JSON =
            Jsonb.builder().failOnUnknown(false).serializeNulls(true).build();

    private Documents() {}

    public static <T> JsonType<T> of(Class<T> type) {
        return JSON.type(type);
    }

    /** Maps, lists, texts, numbers, truth values and nulls. */
    static JsonType<Object> untyped() {
        return JSON.type(Object.class);
    }
}
