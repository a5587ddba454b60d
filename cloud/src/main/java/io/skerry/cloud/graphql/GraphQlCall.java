package io.skerry.cloud.graphql;

import io.skerry.spec.Problem;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One call of the API, as it came over HTTP.
 *
 * @param query the document
 * @param operationName which of its operations, if it has several
 * @param variables by name
 */
record GraphQlCall(String query, Optional<String> operationName, Map<String, @Nullable Object> variables) {

    /**
     * Reads the body of a POST.
     *
     * @throws io.skerry.spec.ProblemException {@code json.malformed}, {@code graphql.request-malformed}
     */
    static GraphQlCall parse(byte[] body) {
        Map<String, @Nullable Object> fields = JsonText.object(body, "The request");
        if (!(fields.get("query") instanceof String query)) {
            throw malformed("has no text 'query'");
        }
        Object operation = fields.get("operationName");
        if (operation != null && !(operation instanceof String)) {
            throw malformed("has an 'operationName' that is no text");
        }
        return new GraphQlCall(
                query, Optional.ofNullable(operation).map(Object::toString), variables(fields.get("variables")));
    }

    @SuppressWarnings("unchecked")
    static Map<String, @Nullable Object> variables(@Nullable Object given) {
        if (given == null) {
            return Map.of();
        }
        if (!(given instanceof Map<?, ?>)) {
            throw malformed("has 'variables' that are no object");
        }
        return (Map<String, @Nullable Object>) given;
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
        return "GraphQlCall[" + query.length() + " characters]";
    }
}
