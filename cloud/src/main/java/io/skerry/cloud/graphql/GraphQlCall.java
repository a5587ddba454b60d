package io.skerry.cloud.graphql;

import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One call of the API, as it is carried out.
 *
 * @param query the document
 * @param operationName which of its operations, if it has several
 * @param variables by name
 */
record GraphQlCall(String query, Optional<String> operationName, Map<String, @Nullable Object> variables) {
    @Override
    public String toString() {
        // Query and variables may hold registry passwords.
        return "GraphQlCall[" + query.length() + " characters]";
    }
}
