package io.skerry.cloud.graphql;

import io.skerry.spec.Problem;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.eclipse.jetty.util.Fields;
import org.jspecify.annotations.Nullable;

/**
 * A request of the API as it came over HTTP, by POST or by GET.
 *
 * @param query the document; may be left out when its hash is known
 * @param sha256 the document's hash in 64 small hex digits, when the request is about a persisted query
 * @param operationName which of its operations, if it has several
 * @param variables by name
 * @param idempotencyKey by which a change is known again, as it came
 */
record GraphQlRequest(
        Optional<String> query,
        Optional<String> sha256,
        Optional<String> operationName,
        Map<String, @Nullable Object> variables,
        Optional<String> idempotencyKey) {
    private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");

    /**
     * Reads the body of a POST.
     *
     * @throws io.skerry.spec.ProblemException {@code json.malformed}, {@code graphql.request-malformed}
     */
    static GraphQlRequest posted(byte[] body) {
        return of(JsonText.object(body, "The request"));
    }

    /**
     * Reads a request that is part of a larger message.
     *
     * @throws io.skerry.spec.ProblemException {@code graphql.request-malformed}
     */
    static GraphQlRequest of(Map<String, @Nullable Object> fields) {
        return of(fields.get("query"), fields.get("operationName"), fields.get("variables"), fields.get("extensions"));
    }

    /**
     * Reads the parameters of a GET.
     *
     * @throws io.skerry.spec.ProblemException {@code json.malformed}, {@code graphql.request-malformed}
     */
    static GraphQlRequest asked(Fields parameters) {
        return of(
                parameters.getValue("query"),
                parameters.getValue("operationName"),
                object(parameters, "variables"),
                object(parameters, "extensions"));
    }

    private static @Nullable Object object(Fields parameters, String name) {
        String text = parameters.getValue(name);
        return text == null
                ? null
                : JsonText.object(text.getBytes(StandardCharsets.UTF_8), "The parameter '" + name + "'");
    }

    private static GraphQlRequest of(
            @Nullable Object query,
            @Nullable Object operation,
            @Nullable Object variables,
            @Nullable Object extensions) {
        Map<String, @Nullable Object> extended = object("extensions", extensions);
        var request = new GraphQlRequest(
                text("query", query),
                sha256(extended),
                // To the engine an empty name is none, so it has to be none for whoever looks what kind of operation it
                // is.
                text("operationName", operation).filter(name -> !name.isEmpty()),
                object("variables", variables),
                text("idempotencyKey", extended.get("idempotencyKey")));
        if (request.query.isEmpty() && request.sha256.isEmpty()) {
            throw malformed("has no text 'query'");
        }
        return request;
    }

    private static Optional<String> text(String name, @Nullable Object given) {
        if (given != null && !(given instanceof String)) {
            throw malformed("has a '" + name + "' that is no text");
        }
        return Optional.ofNullable(given).map(Object::toString);
    }

    @SuppressWarnings("unchecked")
    static Map<String, @Nullable Object> object(String name, @Nullable Object given) {
        if (given == null) {
            return Map.of();
        }
        if (!(given instanceof Map<?, ?>)) {
            throw malformed("has '" + name + "' that are no object");
        }
        return (Map<String, @Nullable Object>) given;
    }

    private static Optional<String> sha256(Map<String, @Nullable Object> extensions) {
        Object persisted = extensions.get("persistedQuery");
        if (persisted == null) {
            return Optional.empty();
        }
        if (!(persisted instanceof Map<?, ?> fields)
                || !(fields.get("version") instanceof Number version)
                || version.doubleValue() != 1
                || !(fields.get("sha256Hash") instanceof String hash)
                || !SHA256.matcher(hash).matches()) {
            throw malformed("has a 'persistedQuery' without version 1 and a 'sha256Hash' of 64 small hex digits");
        }
        return Optional.of(hash);
    }

    static RuntimeException malformed(String what) {
        return new Problem(
                        "graphql.request-malformed",
                        "The request " + what + ".",
                        "Send {\"query\": \"…\", \"variables\": {…}, \"operationName\": \"…\"}.")
                .asException();
    }

    @Override
    public String toString() {
        // Query and variables may hold registry passwords.
        return "GraphQlRequest[" + query.map(String::length).orElse(0) + " characters]";
    }
}
