package io.skerry.cloud.service;

import io.avaje.jsonb.JsonType;
import io.skerry.spec.JsonMappers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * One thing in which two versions of a service differ.
 *
 * @param field what it is, from the outside in: {@code images.amd64}, {@code environment.GREETING}, {@code health.http.port}
 * @param before as the first version has it; empty when it hasn't
 * @param after as the second has it; empty when it hasn't
 */
public record Difference(String field, Optional<String> before, Optional<String> after) {
    private static final JsonType<Object> ANY = JsonMappers.mapper().build().type(Object.class);

    /** What the fleet API calls otherwise than the database. */
    private static final Map<String, String> NAMES = Map.of(
            "memory_mb", "memory_limit_mb",
            "cpu_millis", "cpu_limit_millis",
            "pids", "pids_limit",
            "membership.group", "group",
            "membership.goal", "status_goal",
            "membership.goal_seconds", "goal_seconds",
            "membership.restart", "update_scope",
            "membership.after", "after");

    /** All in which they differ, by field. Pure. */
    static List<Difference> between(
            Version before, List<VersionImage> imagesBefore, Version after, List<VersionImage> imagesAfter) {
        Map<String, String> was = fields(before, imagesBefore);
        Map<String, String> is = fields(after, imagesAfter);
        var names = new TreeSet<>(was.keySet());
        names.addAll(is.keySet());
        List<Difference> all = new ArrayList<>();
        for (String name : names) {
            if (!Objects.equals(was.get(name), is.get(name))) {
                all.add(new Difference(name, Optional.ofNullable(was.get(name)), Optional.ofNullable(is.get(name))));
            }
        }
        return all;
    }

    private static Map<String, String> fields(Version version, List<VersionImage> images) {
        Map<String, String> fields = new TreeMap<>();
        fields.put("container_image", version.containerImage());
        images.forEach(i -> fields.put(
                "images." + i.architecture().word(),
                i.imageReference() + "@" + i.manifest().value()));
        Map<String, String> settings = new TreeMap<>();
        flatten("", ANY.fromJson(VersionSettings.JSON.toJson(version.settings())), settings);
        settings.forEach((name, value) -> fields.put(NAMES.getOrDefault(name, name), value));
        return fields;
    }

    private static void flatten(String name, Object value, Map<String, String> fields) {
        switch (value) {
            case Map<?, ?> map ->
                map.forEach((key, part) -> {
                    if (part != null) {
                        flatten(name.isEmpty() ? String.valueOf(key) : name + "." + key, part, fields);
                    }
                });
            case List<?> list -> fields.put(name, ANY.toJson(list));
            default -> fields.put(name, String.valueOf(value));
        }
    }
}
