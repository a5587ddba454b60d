package io.skerry.cli.api;

import io.avaje.json.JsonException;
import io.skerry.spec.Problem;
import io.skerry.spec.ProblemException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Operations that are carried out, and their answers read into records. Safe for several threads. */
final class Calls {
    static final Duration USUAL = Duration.ofSeconds(60);
    private static final int PAGE = 200;
    /** Guards against a cursor that never ends. */
    private static final int MOST_PAGES = 1000;

    private final Endpoint endpoint;
    private final CloudClient client;

    Calls(Endpoint endpoint, CloudClient client) {
        this.endpoint = endpoint;
        this.client = client;
    }

    Object required(Operation operation, Map<String, ? extends @Nullable Object> variables) {
        return client.call(operation, variables, USUAL).orElseThrow(this::withoutAnswer);
    }

    String text(Operation operation, Map<String, ? extends @Nullable Object> variables) {
        return required(operation, variables).toString();
    }

    <T> Optional<T> optional(Class<T> type, Operation operation, Map<String, ? extends @Nullable Object> variables) {
        return client.call(operation, variables, USUAL).map(value -> one(type, value));
    }

    <T> List<T> pages(Class<T> type, Operation operation, String list, Map<String, Object> variables) {
        List<T> all = new ArrayList<>();
        Map<String, Object> asked = new HashMap<>(variables);
        asked.put("take", PAGE);
        for (int page = 0; page < MOST_PAGES; page++) {
            if (!(required(operation, asked) instanceof Map<?, ?> answer) || answer.get(list) == null) {
                throw withoutAnswer();
            }
            all.addAll(list(type, answer.get(list)));
            if (!(answer.get("next_cursor") instanceof String cursor)) {
                return all;
            }
            asked.put("cursor", cursor);
        }
        return all;
    }

    <T> List<T> page(Class<T> type, Operation operation, String list, Map<String, Object> variables) {
        if (!(required(operation, variables) instanceof Map<?, ?> answer) || answer.get(list) == null) {
            throw withoutAnswer();
        }
        return list(type, answer.get(list));
    }

    <T> List<T> list(Class<T> type, @Nullable Object value) {
        if (value instanceof List<?> list) {
            return list.stream().map(item -> one(type, item)).toList();
        }
        throw withoutAnswer();
    }

    <T> T one(Class<T> type, Object value) {
        try {
            return Documents.read(type, value);
        } catch (JsonException | IllegalArgumentException | IllegalStateException e) {
            throw notUnderstood().asException(e);
        }
    }

    ProblemException withoutAnswer() {
        return notUnderstood().asException();
    }

    Problem notUnderstood() {
        return new Problem(
                "cloud.not-skerry",
                endpoint + " answered in a way that this program doesn't understand.",
                "The cloud may be of another version; compare with skerry version.");
    }
}
