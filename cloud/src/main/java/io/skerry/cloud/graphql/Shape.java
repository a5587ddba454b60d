package io.skerry.cloud.graphql;

import io.skerry.spec.Problem;
import io.skerry.spec.status.Reason;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** An answer's object under construction, field by field as the schema calls them. */
final class Shape {
    private final Map<String, @Nullable Object> fields = new LinkedHashMap<>();

    /** A field with a value; an empty Optional is null. */
    Shape with(String name, Object value) {
        fields.put(name, value instanceof Optional<?> optional ? optional.orElse(null) : value);
        return this;
    }

    Map<String, @Nullable Object> fields() {
        return fields;
    }

    static Map<String, @Nullable Object> problem(Problem problem) {
        return new Shape()
                .with("code", problem.code())
                .with("message", problem.message())
                .with("remedy", problem.remedy())
                .fields();
    }

    static Map<String, @Nullable Object> reason(Reason reason) {
        return new Shape()
                .with("container", reason.container())
                .with("code", reason.problem().code())
                .with("message", reason.problem().message())
                .with("remedy", reason.problem().remedy())
                .with("log_tail", reason.logTail())
                .fields();
    }
}
