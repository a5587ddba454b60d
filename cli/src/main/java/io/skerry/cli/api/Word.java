package io.skerry.cli.api;

import io.avaje.jsonb.Json;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A label or an attribute of a device. */
@Json(naming = Json.Naming.LowerUnderscore)
public record Word(String name, String value) {
    /** As one argument of the command line. */
    public String written() {
        return name + "=" + value;
    }

    /** As the API takes them. */
    static List<Map<String, String>> variables(Map<String, String> words) {
        return new TreeMap<>(words)
                .entrySet().stream()
                        .map(e -> Map.of("name", e.getKey(), "value", e.getValue()))
                        .toList();
    }
}
