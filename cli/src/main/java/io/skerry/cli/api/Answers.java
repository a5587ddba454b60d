package io.skerry.cli.api;

import io.avaje.json.JsonException;
import io.skerry.spec.Problem;
import io.skerry.spec.Text;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads what a cloud answered: GraphQL data, its errors, and the problems of the HTTP layer. */
final class Answers {
    private final Endpoint endpoint;

    Answers(Endpoint endpoint) {
        this.endpoint = endpoint;
    }

    /**
     * The value of one field of a GraphQL answer; empty for null.
     *
     * @throws io.skerry.spec.ProblemException the first error of the answer, or {@code cloud.not-skerry}
     */
    Optional<Object> field(String name, int status, byte[] body) {
        Map<?, ?> answer = object(status, body);
        Optional<Problem> error = error(answer);
        if (error.isPresent() && status != 401 && status != 403) {
            throw error.get().asException();
        }
        if (!(answer.get("data") instanceof Map<?, ?> data)) {
            throw refusal(status, answer).asException();
        }
        return Optional.ofNullable(data.get(name));
    }

    /** What an answer other than success means, for endpoints that aren't GraphQL. */
    Problem refusal(int status, byte[] body) {
        return refusal(status, object(status, body));
    }

    private Problem refusal(int status, Map<?, ?> answer) {
        Optional<Problem> said = problem(answer).or(() -> error(answer));
        if (status == 401) {
            return new Problem(
                    "session.key-refused",
                    endpoint + " doesn't accept the API key.",
                    "It may have been revoked. Log in with another one: skerry login " + endpoint + ".");
        }
        if (status == 403) {
            return new Problem(
                    "access.denied",
                    said.map(Problem::message).orElse("The API key isn't allowed to do this."),
                    said.map(Problem::remedy).orElse("Use a key that may."));
        }
        return said.orElseGet(() -> notSkerry("an answer without data (HTTP " + status + ")"));
    }

    private Map<?, ?> object(int status, byte[] body) {
        Object parsed;
        try {
            parsed = Documents.untyped().fromJson(body);
        } catch (JsonException | IllegalStateException e) {
            throw notSkerry(status == 200 ? "something other than JSON" : "HTTP " + status + " and no JSON")
                    .asException(e);
        }
        if (parsed instanceof Map<?, ?> object) {
            return object;
        }
        throw notSkerry("JSON of another kind").asException();
    }

    private Problem notSkerry(String what) {
        return new Problem(
                "cloud.not-skerry",
                endpoint + " answered with " + what + ", as no Skerry cloud does.",
                "Check the address and the port, and whether a proxy stands between.");
    }

    /** The first of a GraphQL answer's errors. */
    private static Optional<Problem> error(Map<?, ?> answer) {
        if (!(answer.get("errors") instanceof List<?> errors) || errors.isEmpty()) {
            return Optional.empty();
        }
        Map<?, ?> first = errors.getFirst() instanceof Map<?, ?> map ? map : Map.of();
        Map<?, ?> extensions = first.get("extensions") instanceof Map<?, ?> map ? map : Map.of();
        return Optional.of(new Problem(
                text(extensions.get("code"), "cloud.error"),
                sentence(text(first.get("message"), "The cloud told of an error without words.")),
                text(extensions.get("remedy"), "")));
    }

    private static Optional<Problem> problem(Map<?, ?> answer) {
        return answer.get("message") instanceof String message
                ? Optional.of(
                        new Problem(text(answer.get("code"), "cloud.error"), message, text(answer.get("remedy"), "")))
                : Optional.empty();
    }

    private static String text(@Nullable Object value, String otherwise) {
        return value instanceof String text && !text.isEmpty() ? Text.shortened(text, 1000) : otherwise;
    }

    private static String sentence(String text) {
        return text.endsWith(".") || text.endsWith("?") || text.endsWith("!") ? text : text + ".";
    }
}
