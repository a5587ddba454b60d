package io.skerry.cloud.graphql;

import io.skerry.cloud.node.NodeWatch;
import io.skerry.cloud.tenancy.ApiKeys;
import io.skerry.cloud.tenancy.Caller;
import io.skerry.cloud.web.HttpProblem;
import io.skerry.spec.Problem;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.websocket.server.ServerWebSocketContainer;

/** The fleet API over WebSocket: who may come in, and how many. */
final class LiveDoor {
    static final int MOST = 500;
    static final int MOST_OF_ONE_KEY = 50;

    private static final String PROTOCOL = "graphql-transport-ws";

    private final FleetApi api;
    private final ApiKeys keys;
    private final PersistedQueries persisted;
    private final RepeatableCalls repeatable;
    private final ServerWebSocketContainer webSockets;
    private final NodeWatch watch;
    private final Set<LiveConnection> open = ConcurrentHashMap.newKeySet();

    LiveDoor(
            FleetApi api,
            ApiKeys keys,
            PersistedQueries persisted,
            RepeatableCalls repeatable,
            ServerWebSocketContainer webSockets,
            NodeWatch watch) {
        this.api = api;
        this.keys = keys;
        this.persisted = persisted;
        this.repeatable = repeatable;
        this.webSockets = webSockets;
        this.watch = watch;
    }

    static boolean isWanted(Request request) {
        return "websocket".equalsIgnoreCase(request.getHeaders().get(HttpHeader.UPGRADE));
    }

    /** @throws HttpProblem 400 for what is no such connection, 429 when there are too many */
    void upgrade(Request request, Response response, Callback callback) {
        if (request.getHeaders().getCSV("Sec-WebSocket-Protocol", false).stream()
                .noneMatch(p -> p.toLowerCase(Locale.ROOT).equals(PROTOCOL))) {
            throw refusal();
        }
        if (open.size() >= MOST && !madeRoom()) {
            throw new HttpProblem(
                    429,
                    new Problem(
                            "subscription.too-many",
                            "As many connections for subscriptions are open as there may be.",
                            "Try again later."));
        }
        Optional<String> header = Optional.ofNullable(request.getHeaders().get(HttpHeader.AUTHORIZATION));
        boolean upgraded = webSockets.upgrade(
                (up, down, c) -> {
                    down.setAcceptedSubProtocol(PROTOCOL);
                    return new LiveConnection(this, header);
                },
                request,
                response,
                callback);
        if (!upgraded) {
            throw refusal();
        }
    }

    /** Whoever has shown a key goes before whoever hasn't. */
    private boolean madeRoom() {
        Optional<LiveConnection> stranger = open.stream()
                .filter(LiveConnection::isStranger)
                .min(Comparator.comparing(LiveConnection::age).reversed());
        stranger.ifPresent(LiveConnection::giveWay);
        return stranger.isPresent();
    }

    private static HttpProblem refusal() {
        return new HttpProblem(
                400,
                new Problem(
                        "http.websocket-protocol",
                        "The fleet API speaks the WebSocket subprotocol " + PROTOCOL + " and no other one.",
                        "Use a client that speaks it, such as the npm package graphql-ws."));
    }

    FleetApi api() {
        return api;
    }

    PersistedQueries persisted() {
        return persisted;
    }

    RepeatableCalls repeatable() {
        return repeatable;
    }

    NodeWatch watch() {
        return watch;
    }

    void opened(LiveConnection connection) {
        open.add(connection);
    }

    void closed(LiveConnection connection) {
        open.remove(connection);
    }

    Optional<Visitor> visitor(String authorization) {
        return ApiKeys.secretIn(authorization).flatMap(s -> Visitor.of(keys, s));
    }

    boolean isGood(Caller caller) {
        return keys.isGood(caller.actor());
    }

    /** Whether this caller has as many connections as one may have. */
    boolean isFull(Caller caller) {
        return open.stream().filter(c -> c.isOf(caller)).count() >= MOST_OF_ONE_KEY;
    }
}
