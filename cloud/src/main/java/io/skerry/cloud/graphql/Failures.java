package io.skerry.cloud.graphql;

import graphql.ErrorType;
import graphql.GraphQLError;
import graphql.execution.DataFetcherExceptionHandler;
import graphql.execution.DataFetcherExceptionHandlerParameters;
import graphql.execution.DataFetcherExceptionHandlerResult;
import io.skerry.cloud.storage.Ids;
import io.skerry.spec.Problem;
import io.skerry.spec.ProblemException;
import io.skerry.spec.Text;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes errors of failures. A problem is told as it is; anything else is a fault of ours: it is logged with its cause under
 * an id, and only the id is told.
 */
final class Failures implements DataFetcherExceptionHandler {
    private static final Logger LOG = LoggerFactory.getLogger(Failures.class);
    private static final int LONGEST = 500;
    /** Where the engine repeats an argument's whole value, which may hold a registry's password. */
    private static final Pattern ARGUMENT = Pattern.compile(
            "^Validation error \\([^)]*\\) : argument '([^']*)' with value '.*'"
                    + "( must not be null| must be an object type| is not a valid '\\w+'"
                    + "| is missing required fields '.*'| contains a field not in '\\w+': '\\w+')",
            Pattern.DOTALL);

    private final Ids ids;

    Failures(Ids ids) {
        this.ids = ids;
    }

    @Override
    public CompletableFuture<DataFetcherExceptionHandlerResult> handleException(
            DataFetcherExceptionHandlerParameters parameters) {
        Problem problem = problem(parameters.getException());
        GraphQLError error = GraphQLError.newError()
                .errorType(ErrorType.DataFetchingException)
                .message("%s", problem.message())
                .path(parameters.getPath())
                .location(parameters.getSourceLocation())
                .extensions(extensions(problem))
                .build();
        return CompletableFuture.completedFuture(
                DataFetcherExceptionHandlerResult.newResult(error).build());
    }

    /** What to tell of a failure. */
    Problem problem(Throwable failure) {
        Throwable inner = failure;
        while (inner instanceof CompletionException && inner.getCause() != null) {
            inner = inner.getCause();
        }
        if (inner instanceof ProblemException known) {
            return known.problem();
        }
        String id = ids.next();
        LOG.error("Fault {} while answering a call of the fleet API", id, inner);
        return new Problem(
                "internal",
                "The control plane failed to answer (" + id + ").",
                "Look for this id in the control plane's log.");
    }

    /** One error as it is sent. */
    static Map<String, @Nullable Object> sent(Problem problem) {
        Map<String, @Nullable Object> error = new LinkedHashMap<>();
        error.put("message", problem.message());
        error.put("extensions", extensions(problem));
        return error;
    }

    /** One of the engine's errors as it is sent: ours as they were made, the engine's own with a code. */
    static Map<String, @Nullable Object> sent(GraphQLError error) {
        Map<String, @Nullable Object> sent = new LinkedHashMap<>();
        sent.put("message", Text.shortened(withoutValues(error.getMessage()), LONGEST));
        if (error.getLocations() != null && !error.getLocations().isEmpty()) {
            sent.put(
                    "locations",
                    error.getLocations().stream()
                            .map(l -> Map.of("line", l.getLine(), "column", l.getColumn()))
                            .toList());
        }
        if (error.getPath() != null && !error.getPath().isEmpty()) {
            sent.put("path", error.getPath());
        }
        Map<String, Object> extensions = error.getExtensions();
        sent.put(
                "extensions",
                extensions != null && extensions.containsKey("code")
                        ? extensions
                        : Map.of("code", code(error), "remedy", "Compare the query with the schema."));
        return sent;
    }

    private static String withoutValues(String message) {
        Matcher matcher = ARGUMENT.matcher(message);
        return matcher.find() ? "Argument '" + matcher.group(1) + "'" + matcher.group(2) + "." : message;
    }

    private static String code(GraphQLError error) {
        if (error.getErrorType() instanceof ErrorType type) {
            return switch (type) {
                case InvalidSyntax -> "graphql.syntax";
                case ValidationError, OperationNotSupported -> "graphql.invalid";
                case ExecutionAborted -> "graphql.too-large";
                case DataFetchingException, NullValueInNonNullableField -> "internal";
            };
        }
        return "graphql.invalid";
    }

    private static Map<String, Object> extensions(Problem problem) {
        return Map.of("code", problem.code(), "remedy", problem.remedy());
    }
}
