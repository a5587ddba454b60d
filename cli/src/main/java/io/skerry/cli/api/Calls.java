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

    /**
     * One thing with all of a list that it has in pages; empty when there is no such thing.
     *
     * @param whole asks for all of it, with a page of the list
     * @param more asks for a page of the list alone
     * @param list its name, and that of the list within a page
     */
    <T> Optional<T> withAll(
            Class<T> type, Operation whole, Operation more, String list, Map<String, Object> variables) {
        Map<String, Object> asked = new HashMap<>(variables);
        asked.put("take", PAGE);
        Optional<Object> first = client.call(whole, asked, USUAL);
        if (first.isEmpty()) {
            return Optional.empty();
        }
        List<Object> all = new ArrayList<>();
        Map<?, ?> page = pageIn(first.get(), list, all);
        for (int number = 1; number < MOST_PAGES && page.get("next_cursor") instanceof String cursor; number++) {
            asked.put("cursor", cursor);
            Optional<Object> next = client.call(more, asked, USUAL);
            if (next.isEmpty()) {
                return Optional.empty();
            }
            page = pageIn(next.get(), list, all);
        }
        Map<Object, Object> thing = new HashMap<>((Map<?, ?>) first.get());
        thing.put(list, all);
        return Optional.of(one(type, thing));
    }

    private Map<?, ?> pageIn(Object thing, String list, List<Object> all) {
        if (thing instanceof Map<?, ?> map
                && map.get(list) instanceof Map<?, ?> page
                && page.get(list) instanceof List<?> items) {
            all.addAll(items);
            return page;
        }
        throw withoutAnswer();
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
