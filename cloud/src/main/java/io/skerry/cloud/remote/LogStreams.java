package io.skerry.cloud.remote;

import io.skerry.cloud.desired.DesiredStates;
import io.skerry.cloud.deviceapi.ClientCertificates;
import io.skerry.cloud.node.NodeIdentity;
import io.skerry.cloud.node.Nodes;
import io.skerry.cloud.replica.Replica;
import io.skerry.cloud.storage.Storage;
import io.skerry.cloud.tenancy.Caller;
import io.skerry.cloud.tenancy.Role;
import io.skerry.cloud.tenancy.Secrets;
import io.skerry.cloud.web.Endpoint;
import io.skerry.cloud.web.HttpProblem;
import io.skerry.cloud.web.Operators;
import io.skerry.spec.Problem;
import io.skerry.spec.ProblemException;
import io.skerry.spec.Text;
import io.skerry.spec.desired.Session;
import io.skerry.spec.wire.Paths;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.random.RandomGenerator;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Fields;
import org.eclipse.jetty.websocket.server.ServerWebSocketContainer;
import org.jspecify.annotations.Nullable;

/**
 * Instances' logs at the operator's desk: {@code GET /api/v1/logs/<instance id>?follow=&tail=}. The device is asked for them
 * through its desired state, opens a WebSocket, and what it sends goes on to the operator as fast as that one reads.
 */
public final class LogStreams {
    /** Where operators ask; followed by an instance's id. */
    public static final String PATH = "/api/v1/logs/";

    private static final int MOST_OF_A_NODE = 16;
    private static final int MOST = 2_000;
    private static final int DEFAULT_TAIL = 100;
    private static final int MOST_TAIL = 100_000;

    private final Storage storage;
    private final Operators operators;
    private final Nodes nodes;
    private final DesiredStates states;
    private final ClientCertificates certificates;
    private final ServerWebSocketContainer webSockets;
    private final ScheduledExecutorService timer;
    private final Executor threads;
    private final RandomGenerator random;
    private final InstantSource time;
    private final OpenStreams open;
    private final StreamHop hop;

    /**
     * @param open where the streams stand while they last
     * @param hop to the process at which they are, if that is another one
     * @param timer its work never blocks
     * @param threads one for each stream that begins or ends
     */
    public LogStreams(
            Storage storage,
            Operators operators,
            Nodes nodes,
            DesiredStates states,
            ClientCertificates certificates,
            ServerWebSocketContainer webSockets,
            OpenStreams open,
            ScheduledExecutorService timer,
            Executor threads,
            RandomGenerator random,
            InstantSource time,
            StreamHop hop) {
        this.storage = storage;
        this.operators = operators;
        this.nodes = nodes;
        this.states = states;
        this.certificates = certificates;
        this.webSockets = webSockets;
        this.open = open;
        this.hop = hop;
        this.timer = timer;
        this.threads = threads;
        this.random = random;
        this.time = time;
    }

    /** The operators' side. */
    public Endpoint forOperators() {
        return this::ask;
    }

    /** The devices' side. */
    public Endpoint forDevices() {
        return this::bring;
    }

    /** For streams that came to another replica. */
    public Endpoint forReplicas() {
        return (request, response, callback) -> {
            certificates.requireReplica(request);
            String nodeId = Optional.ofNullable(request.getHeaders().get(StreamHop.NODE_HEADER))
                    .orElse("");
            String id = Request.getPathInContext(request).substring(StreamHop.PATH.length());
            take(id, nodeId, request, response, callback);
        };
    }

    private void ask(Request request, Response response, Callback callback) {
        Caller caller = operators.caller(request, Role.OPERATOR, "reading logs");
        String instanceId = Request.getPathInContext(request).substring(PATH.length());
        String nodeId = nodeOf(instanceId, caller);
        Fields query = Request.extractQueryParameters(request);
        boolean follow = flag(query, "follow");
        int tail = number(query, "tail", DEFAULT_TAIL);
        if (!nodes.online(nodeId)) {
            throw new HttpProblem(503, LogStream.offline(nodeId));
        }
        String id = hop.idOf(Secrets.make(random));
        var stream = new LogStream(
                id, nodeId, caller.apiKeyId(), follow, request, response, callback, timer, () -> closed(id, nodeId));
        if (open.size() >= MOST || open.ofNode(nodeId) >= MOST_OF_A_NODE) {
            throw new HttpProblem(
                    429,
                    new Problem(
                            "stream.too-many",
                            "Too many streams from node '" + nodeId + "' are open.",
                            "Close one of them first; a node has at most " + MOST_OF_A_NODE + "."));
        }
        open.add(id, stream);
        stream.begin();
        caller.expiresAt().ifPresent(at -> stream.expireIn(Duration.ofMillis(at - time.millis())));
        try {
            // The key or the node may have gone before the stream stood where their end would have ended it.
            operators.caller(request, Role.OPERATOR, "reading logs");
            nodeOf(instanceId, caller);
            states.openStream(nodeId, new Session.Stream(id, Session.Kind.LOG, instanceId, follow, tail));
            if (stream.over()) {
                // Its operator went while it was being opened, and closing it may have come first.
                states.closeStream(nodeId, id);
            }
        } catch (RuntimeException e) {
            // The stream has the response by now, so it is the one to answer.
            stream.failed(e);
        }
    }

    private void bring(Request request, Response response, Callback callback) {
        NodeIdentity node = certificates.device(request);
        String id = Request.getPathInContext(request).substring(Paths.STREAMS.length());
        Optional<Replica> holder = open.find(id).isPresent() ? Optional.empty() : hop.holder(id);
        if (holder.isPresent()) {
            PassedStream passed = hop.open(holder.get(), id, node.nodeId()).orElseThrow(() -> unknown(id));
            boolean upgraded = false;
            try {
                upgraded = webSockets.upgrade((up, down, c) -> passed, request, response, callback);
            } finally {
                if (!upgraded) {
                    passed.failed();
                }
            }
            if (!upgraded) {
                throw notAWebSocket();
            }
        } else {
            take(id, node.nodeId(), request, response, callback);
        }
    }

    private void take(String id, String nodeId, Request request, Response response, Callback callback) {
        @Nullable LogStream stream = open.find(id).orElse(null);
        if (stream == null || !stream.nodeId().equals(nodeId) || !stream.taken()) {
            throw unknown(id);
        }
        boolean upgraded;
        try {
            upgraded = webSockets.upgrade((up, down, c) -> stream.fromDevice(), request, response, callback);
        } catch (RuntimeException e) {
            // It was taken, so nobody else will end it.
            stream.failed(e);
            throw e;
        }
        if (!upgraded) {
            stream.failed(new IllegalStateException("the device's stream isn't a WebSocket"));
            throw notAWebSocket();
        }
    }

    private static HttpProblem unknown(String id) {
        return new HttpProblem(
                404,
                new Problem(
                        "stream.unknown",
                        "Nobody waits for the stream '" + Text.shortened(id, 100) + "'.",
                        "Nothing is to be done: its operator has gone."));
    }

    private static ProblemException notAWebSocket() {
        return new Problem(
                        "stream.not-a-websocket", "A stream is brought by a WebSocket.", "Ask for an upgrade to one.")
                .asException();
    }

    private void closed(String id, String nodeId) {
        if (open.remove(id)) {
            threads.execute(() -> states.closeStream(nodeId, id));
        }
    }

    private String nodeOf(String instanceId, Caller caller) {
        return storage.read(h -> h.createQuery("SELECT customer_id, node_id FROM instances WHERE instance_id = :id")
                        .bind("id", instanceId)
                        .map((rs, c) -> caller.sees(rs.getString("customer_id"), rs.getString("node_id"))
                                ? Optional.of(rs.getString("node_id"))
                                : Optional.<String>empty())
                        .findOne())
                .flatMap(n -> n)
                .orElseThrow(() -> new HttpProblem(
                        404,
                        new Problem(
                                "instance.unknown",
                                "There is no instance '" + Text.shortened(instanceId, 60) + "'.",
                                "Look the ids up with DM_get_node_service_instances or 'skerry instance ls'.")));
    }

    private static boolean flag(Fields query, String name) {
        @Nullable String value = query.getValue(name);
        if (value == null || value.equals("false") || value.equals("0")) {
            return false;
        }
        if (value.isEmpty() || value.equals("true") || value.equals("1")) {
            return true;
        }
        throw malformed(name, value, "true or false").asException();
    }

    private static int number(Fields query, String name, int otherwise) {
        @Nullable String value = query.getValue(name);
        if (value == null) {
            return otherwise;
        }
        if (!value.matches("\\d{1,6}") || Integer.parseInt(value) > MOST_TAIL) {
            throw malformed(name, value, "a whole number from 0 to " + MOST_TAIL)
                    .asException();
        }
        return Integer.parseInt(value);
    }

    private static Problem malformed(String name, String value, String right) {
        return new Problem(
                "parameter.malformed",
                "'" + name + "' can't be '" + Text.shortened(value, 40) + "'.",
                "Make it " + right + ".");
    }
}
