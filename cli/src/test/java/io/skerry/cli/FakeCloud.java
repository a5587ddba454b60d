package io.skerry.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import graphql.ExecutionInput;
import graphql.GraphQL;
import graphql.GraphqlErrorBuilder;
import graphql.execution.DataFetcherExceptionHandlerResult;
import graphql.schema.idl.RuntimeWiring;
import graphql.schema.idl.SchemaGenerator;
import io.avaje.jsonb.Jsonb;
import io.skerry.cli.api.CloudSchema;
import io.skerry.spec.Problem;
import io.skerry.spec.ProblemException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * A cloud on loopback whose answers are canned, but which executes every operation against the real schema: what the program
 * sends must be valid, and what it is told can't lack a field.
 */
final class FakeCloud implements AutoCloseable {
    static final String KEY = "skk_for-tests-only";

    private static final Jsonb JSON = Jsonb.builder().serializeNulls(true).build();

    private final HttpServer server;
    private final String scheme;
    private final GraphQL graphql;
    private final Map<String, Function<Map<String, Object>, @Nullable Object>> answers = new ConcurrentHashMap<>();
    private final Map<String, Problem> refusals = new ConcurrentHashMap<>();
    private final List<Call> calls = new CopyOnWriteArrayList<>();
    private volatile Optional<String> instead = Optional.empty();
    private final List<Optional<String>> idempotencyKeys = new CopyOnWriteArrayList<>();
    private final List<Map<String, Object>> variables = new CopyOnWriteArrayList<>();
    private final AtomicInteger breaking = new AtomicInteger();
    private volatile byte[] log = {};

    /** A field that was asked for, with its arguments. */
    record Call(String field, Map<String, Object> arguments) {}

    static FakeCloud plain() throws IOException {
        return new FakeCloud(HttpServer.create(loopback(), 0), "http");
    }

    static FakeCloud secure(SSLContext identity) throws IOException {
        HttpsServer https = HttpsServer.create(loopback(), 0);
        https.setHttpsConfigurator(new HttpsConfigurator(identity));
        return new FakeCloud(https, "https");
    }

    private static InetSocketAddress loopback() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }

    private FakeCloud(HttpServer server, String scheme) {
        this.server = server;
        this.scheme = scheme;
        RuntimeWiring wiring = RuntimeWiring.newRuntimeWiring()
                .scalar(CloudSchema.LONG)
                .type(
                        "Query",
                        type -> type.defaultDataFetcher(e -> answer(e.getField().getName(), e.getArguments())))
                .type(
                        "Mutation",
                        type -> type.defaultDataFetcher(e -> answer(e.getField().getName(), e.getArguments())))
                .build();
        this.graphql = GraphQL.newGraphQL(new SchemaGenerator().makeExecutableSchema(CloudSchema.types(), wiring))
                .defaultDataFetcherExceptionHandler(parameters -> CompletableFuture.completedFuture(
                        DataFetcherExceptionHandlerResult.newResult(GraphqlErrorBuilder.newError()
                                        .message(message(parameters.getException()))
                                        .extensions(extensions(parameters.getException()))
                                        .build())
                                .build()))
                .build();
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/graphql", this::graphql);
        server.createContext("/api/v1/logs/", this::log);
        server.start();
    }

    String url() {
        return scheme + "://localhost:" + server.getAddress().getPort();
    }

    FakeCloud answering(String field, Object value) {
        answers.put(field, arguments -> value);
        return this;
    }

    FakeCloud answering(String field, Function<Map<String, Object>, @Nullable Object> answer) {
        answers.put(field, answer);
        return this;
    }

    FakeCloud refusing(String field, Problem problem) {
        refusals.put(field, problem);
        return this;
    }

    FakeCloud answeringWithPage(String body) {
        instead = Optional.of(body);
        return this;
    }

    /** So many answers to mutations are cut off, after what was asked for was done. */
    FakeCloud breaking(int connections) {
        breaking.set(connections);
        return this;
    }

    /** That of each GraphQL request, in their order. */
    List<Optional<String>> idempotencyKeys() {
        return List.copyOf(idempotencyKeys);
    }

    /** Those of the last GraphQL request, whichever fields they are for. */
    Map<String, Object> lastVariables() {
        return variables.getLast();
    }

    FakeCloud logging(String text) {
        log = text.getBytes(UTF_8);
        return this;
    }

    /** The arguments of each time that a field was asked for. */
    List<Map<String, Object>> asked(String field) {
        return calls.stream()
                .filter(c -> c.field().equals(field))
                .map(Call::arguments)
                .toList();
    }

    private @Nullable Object answer(String field, Map<String, Object> arguments) {
        calls.add(new Call(field, arguments));
        Problem refusal = refusals.get(field);
        if (refusal != null) {
            throw refusal.asException();
        }
        Function<Map<String, Object>, @Nullable Object> answer = answers.get(field);
        if (answer == null) {
            throw new AssertionError("no answer was canned for " + field);
        }
        return answer.apply(arguments);
    }

    private static String message(Throwable failure) {
        return failure instanceof ProblemException e ? e.problem().message() : failure.toString();
    }

    private static Map<String, Object> extensions(Throwable failure) {
        return failure instanceof ProblemException e
                ? Map.of("code", e.code(), "remedy", e.problem().remedy())
                : Map.of("code", "internal");
    }

    private void graphql(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readAllBytes();
        if (instead.isPresent()) {
            send(exchange, 200, "text/html", instead.get().getBytes(UTF_8));
        } else if (authorized(exchange)) {
            Map<?, ?> request = (Map<?, ?>) JSON.type(Object.class).fromJson(body);
            @SuppressWarnings("unchecked")
            Map<String, Object> sent = (Map<String, Object>) request.get("variables");
            variables.add(sent);
            ExecutionInput input = ExecutionInput.newExecutionInput(String.valueOf(request.get("query")))
                    .variables(sent)
                    .build();
            Optional<String> idempotencyKey =
                    Optional.ofNullable(exchange.getRequestHeaders().getFirst("idempotency-key"));
            idempotencyKeys.add(idempotencyKey);
            Object answer = graphql.execute(input).toSpecification();
            if (idempotencyKey.isPresent() && breaking.getAndUpdate(n -> Math.max(0, n - 1)) > 0) {
                exchange.close();
                return;
            }
            send(
                    exchange,
                    200,
                    "application/graphql-response+json",
                    JSON.type(Object.class).toJsonBytes(answer));
        }
    }

    private void log(HttpExchange exchange) throws IOException {
        if (authorized(exchange)) {
            calls.add(new Call(exchange.getRequestURI().toString(), Map.of()));
            send(exchange, 200, "text/plain", log);
        }
    }

    private static boolean authorized(HttpExchange exchange) throws IOException {
        boolean known = ("apikey " + KEY).equals(exchange.getRequestHeaders().getFirst("authorization"));
        if (!known) {
            send(
                    exchange,
                    401,
                    "application/json",
                    JSON.type(Problem.class)
                            .toJsonBytes(new Problem("key.unknown", "This key is unknown.", "Use another.")));
        }
        return known;
    }

    private static void send(HttpExchange exchange, int status, String type, byte[] body) throws IOException {
        exchange.getResponseHeaders().set("content-type", type);
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(body);
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
