package io.skerry.cloud.graphql;

import graphql.language.OperationDefinition.Operation;
import io.skerry.cloud.idempotency.IdempotencyKey;
import io.skerry.cloud.idempotency.IdempotentCalls;
import io.skerry.cloud.node.NodeWatch;
import io.skerry.cloud.tenancy.ApiKeys;
import io.skerry.cloud.tenancy.Caller;
import io.skerry.cloud.web.Bodies;
import io.skerry.cloud.web.SessionCookie;
import io.skerry.spec.Problem;
import io.skerry.spec.ProblemException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.websocket.server.ServerWebSocketContainer;
import org.jspecify.annotations.Nullable;

/**
 * GraphQL over HTTP: POST with JSON, and GET for queries. Blocks its thread while a call is carried out, so it belongs on
 * virtual threads. Whatever path it is asked at, it answers; a browser that opens it gets the {@link ExplorerPage}.
 */
public final class GraphQlHandler extends Handler.Abstract {
    private static final int LARGEST_BODY = 1 << 20;
    private static final int PERSISTED_CHARACTERS = 4 << 20;
    private static final String JSON = "application/json";
    private static final String GRAPHQL_JSON = "application/graphql-response+json";
    private static final String IDEMPOTENCY_KEY = "Idempotency-Key";

    private final FleetApi api;
    private final ApiKeys keys;
    private final RepeatableCalls repeatable;
    private final PersistedQueries persisted = new PersistedQueries(PERSISTED_CHARACTERS);
    private final LiveDoor live;

    /** @param watch tells subscriptions of what devices say */
    public GraphQlHandler(
            FleetApi api,
            ApiKeys keys,
            IdempotentCalls calls,
            SecureRandom random,
            ServerWebSocketContainer webSockets,
            NodeWatch watch) {
        this.api = api;
        this.keys = keys;
        this.repeatable = new RepeatableCalls(api, calls, random);
        this.live = new LiveDoor(api, keys, persisted, repeatable, webSockets, watch);
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        if (LiveDoor.isWanted(request)) {
            live.upgrade(request, response, callback);
            return true;
        }
        if (ExplorerPage.isWanted(request)) {
            ExplorerPage.answer(response, callback);
            return true;
        }
        Door door = new Door(accepted(request), request, response, callback);
        try {
            answer(request, door);
        } catch (ProblemException e) {
            door.refuse(door.status(e), e.problem());
        }
        return true;
    }

    private void answer(Request request, Door door) {
        if (door.mediaType.isEmpty()) {
            door.refuse(
                    HttpStatus.NOT_ACCEPTABLE_406,
                    new Problem(
                            "http.not-acceptable",
                            "The answer can't have any of the forms that the request accepts.",
                            "Accept " + GRAPHQL_JSON + " or " + JSON + "."));
            return;
        }
        Optional<Visitor> visitor = secret(request).flatMap(s -> Visitor.of(keys, s));
        if (visitor.isEmpty()) {
            door.response
                    .getHeaders()
                    .put(HttpHeader.WWW_AUTHENTICATE, "apikey realm=\"skerry\", Bearer realm=\"skerry\"");
            door.refuse(HttpStatus.UNAUTHORIZED_401, unauthorized(request));
            return;
        }
        switch (request.getMethod()) {
            case "POST" -> {
                GraphQlRequest posted = posted(request);
                GraphQlCall call = persisted.call(posted, visitor.get().caller());
                // While an import runs nothing is read or written, which is no reason to break off.
                request.addIdleTimeoutListener(timeout -> false);
                door.answer(answer(call, visitor.get(), key(request, posted)));
            }
            case "GET" -> get(request, visitor.get().caller(), door);
            default -> refuseMethod(door, "The fleet API has no " + request.getMethod() + ".");
        }
    }

    private static Optional<IdempotencyKey> key(Request request, GraphQlRequest posted) {
        Optional<IdempotencyKey> header =
                Optional.ofNullable(request.getHeaders().get(IDEMPOTENCY_KEY)).map(IdempotencyKey::parse);
        Optional<IdempotencyKey> within = posted.idempotencyKey().map(IdempotencyKey::parse);
        if (header.isPresent() && within.isPresent() && !header.equals(within)) {
            throw new Problem(
                            "input.contradiction",
                            "The header " + IDEMPOTENCY_KEY
                                    + " and the request's extensions name other idempotency keys.",
                            "Give one of them.")
                    .asException();
        }
        return header.or(() -> within);
    }

    private GraphQlAnswer answer(
            GraphQlCall call,
            Visitor visitor,
            @SuppressWarnings("OptionalUsedAsFieldOrParameterType") Optional<IdempotencyKey> key) {
        Optional<Operation> operation = api.operation(call);
        if (operation.filter(Operation.SUBSCRIPTION::equals).isPresent()) {
            throw new Problem(
                            "http.subscription",
                            "A subscription is answered over WebSocket.",
                            "Use a client of the WebSocket subprotocol graphql-transport-ws at this address.")
                    .asException();
        }
        return key.isPresent() && operation.filter(Operation.MUTATION::equals).isPresent()
                ? repeatable.answer(call, visitor, key.get())
                : api.answer(call, visitor.caller());
    }

    /** The API key that a call carries, in its header or, from a browser that is logged in, in a cookie. */
    private static Optional<String> secret(Request request) {
        @Nullable String header = request.getHeaders().get(HttpHeader.AUTHORIZATION);
        return header == null ? SessionCookie.secret(request) : ApiKeys.secretIn(header);
    }

    private static Problem unauthorized(Request request) {
        return request.getHeaders().contains(HttpHeader.AUTHORIZATION)
                ? new Problem(
                        "authorization.unknown-key",
                        "The API key is not one of this control plane's, was revoked or has expired.",
                        "Send one that is valid in the header 'authorization: apikey <key>'.")
                : new Problem(
                        "authorization.missing",
                        "The call carries no API key.",
                        "Send one in the header 'authorization: apikey <key>'.");
    }

    private void get(Request request, Caller caller, Door door) {
        GraphQlCall call = persisted.call(
                GraphQlRequest.asked(Request.extractQueryParameters(request, StandardCharsets.UTF_8)), caller);
        if (api.operation(call).filter(o -> o != Operation.QUERY).isPresent()) {
            refuseMethod(door, "Only a query can be sent by GET.");
            return;
        }
        door.answer(api.answer(call, caller));
    }

    private static void refuseMethod(Door door, String what) {
        door.response.getHeaders().put(HttpHeader.ALLOW, "GET, POST");
        door.refuse(
                HttpStatus.METHOD_NOT_ALLOWED_405,
                new Problem("http.method-not-allowed", what, "Send it by POST with the content type " + JSON + "."));
    }

    private static GraphQlRequest posted(Request request) {
        String type = Optional.ofNullable(request.getHeaders().get(HttpHeader.CONTENT_TYPE))
                .orElse("")
                .toLowerCase(Locale.ROOT)
                .replace(" ", "")
                .replace("\"", "");
        if (!type.equals(JSON) && !type.equals(JSON + ";charset=utf-8")) {
            throw new Problem(
                            "http.media-type-unsupported",
                            "The request's body isn't sent as " + JSON + ".",
                            "Send the header 'content-type: " + JSON + "'.")
                    .asException();
        }
        return GraphQlRequest.posted(Bodies.read(request, LARGEST_BODY));
    }

    /** The form of answer that the request prefers; empty when it accepts none that there is. */
    private static String accepted(Request request) {
        List<String> accepted = request.getHeaders().getQualityCSV(HttpHeader.ACCEPT);
        if (accepted.isEmpty()) {
            return JSON;
        }
        for (String range : accepted) {
            String type = range.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
            switch (type) {
                case GRAPHQL_JSON -> {
                    return GRAPHQL_JSON;
                }
                case JSON, "application/*", "*/*" -> {
                    return JSON;
                }
                default -> {
                    // Perhaps the next one.
                }
            }
        }
        return "";
    }

    /** Where the answer goes. */
    private record Door(String mediaType, Request request, Response response, Callback callback) {
        void answer(GraphQlAnswer answer) {
            // GraphQL over HTTP: application/json always says 200 once the request was understood as one.
            boolean bad = !answer.begun() && mediaType.equals(GRAPHQL_JSON);
            write(bad ? HttpStatus.BAD_REQUEST_400 : HttpStatus.OK_200, answer.body());
        }

        int status(ProblemException problem) {
            return switch (problem.code()) {
                case "http.media-type-unsupported" -> HttpStatus.UNSUPPORTED_MEDIA_TYPE_415;
                case "request.too-large" -> HttpStatus.PAYLOAD_TOO_LARGE_413;
                case "idempotency.other-input" -> HttpStatus.UNPROCESSABLE_ENTITY_422;
                case "idempotency.under-way", "idempotency.answer-lost" -> HttpStatus.CONFLICT_409;
                case "idempotency.too-many" -> HttpStatus.TOO_MANY_REQUESTS_429;
                case "storage.unavailable", "storage.busy", "storage.outcome-unknown" ->
                    HttpStatus.SERVICE_UNAVAILABLE_503;
                // To its clients this is no failure, and application/json says 200 of what was understood.
                case PersistedQueries.NOT_FOUND ->
                    mediaType.equals(JSON) ? HttpStatus.OK_200 : HttpStatus.BAD_REQUEST_400;
                default -> HttpStatus.BAD_REQUEST_400;
            };
        }

        void refuse(int status, Problem problem) {
            Map<String, @Nullable Object> body = new LinkedHashMap<>();
            body.put("errors", List.of(Failures.sent(problem)));
            Bodies.leave(request, response);
            write(status, body);
        }

        private void write(int status, Map<String, @Nullable Object> body) {
            response.setStatus(status);
            response.getHeaders()
                    .put(HttpHeader.CONTENT_TYPE, (mediaType.isEmpty() ? JSON : mediaType) + ";charset=utf-8");
            response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
            response.write(true, ByteBuffer.wrap(JsonText.bytes(body)), callback);
        }
    }
}
