package io.skerry.cloud.remote;

import io.skerry.cloud.web.Answers;
import io.skerry.spec.Problem;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpHeaderValue;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.eclipse.jetty.websocket.api.StatusCode;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One stream between a device and an operator. A piece is asked of the device only when the one before has gone to the
 * operator, so nothing piles up here.
 */
final class LogStream {
    private static final Logger LOG = LoggerFactory.getLogger(LogStream.class);
    private static final int CONNECT_SECONDS = 30;
    private static final int LOOK_SECONDS = 5;
    /** After which an operator whose machine vanished without a word isn't waited for any more. */
    private static final int SILENT_MINUTES = 60;

    private final String id;
    private final String nodeId;
    private final String apiKeyId;
    private final boolean follow;
    private final Request request;
    private final Response response;
    private final Callback callback;
    private final ScheduledExecutorService timer;
    private final Runnable onEnd;
    private final AtomicBoolean taken = new AtomicBoolean();
    private final AtomicBoolean ended = new AtomicBoolean();
    private final AtomicReference<@Nullable Session> device = new AtomicReference<>();
    private volatile @Nullable Future<?> timeout;
    private volatile @Nullable Future<?> look;
    private volatile @Nullable Future<?> expiry;

    LogStream(
            String id,
            String nodeId,
            String apiKeyId,
            boolean follow,
            Request request,
            Response response,
            Callback callback,
            ScheduledExecutorService timer,
            Runnable onEnd) {
        this.id = id;
        this.nodeId = nodeId;
        this.apiKeyId = apiKeyId;
        this.follow = follow;
        this.request = request;
        this.response = response;
        this.callback = callback;
        this.timer = timer;
        this.onEnd = onEnd;
    }

    String nodeId() {
        return nodeId;
    }

    /** By whose right it is open. */
    String apiKeyId() {
        return apiKeyId;
    }

    /** Ends it when the right to have it ends. */
    void expireIn(Duration left) {
        expiry = timer.schedule(
                () -> failed(new IllegalStateException("the API key has expired")),
                Math.max(0, left.toMillis()),
                TimeUnit.MILLISECONDS);
        if (ended.get()) {
            cancelTimers();
        }
    }

    /** Waits for the device. */
    void begin() {
        request.addIdleTimeoutListener(t -> false);
        request.addFailureListener(this::failed);
        timeout = timer.schedule(this::lateWithoutDevice, CONNECT_SECONDS, TimeUnit.SECONDS);
        if (request.getConnectionMetaData().getHttpVersion() != HttpVersion.HTTP_2) {
            // No further request is read from the connection, so that what is read in looking for its end isn't missed.
            response.getHeaders().put(HttpHeader.CONNECTION, HttpHeaderValue.CLOSE.asString());
            look = timer.scheduleWithFixedDelay(this::lookForOperator, LOOK_SECONDS, LOOK_SECONDS, TimeUnit.SECONDS);
        }
        if (ended.get()) {
            cancelTimers();
        }
    }

    /** Over HTTP/1.1 the server doesn't read while it answers, and so doesn't notice by itself who hung up. */
    private void lookForOperator() {
        EndPoint connection = request.getConnectionMetaData().getConnection().getEndPoint();
        try {
            if (!ended.get() && connection.fill(BufferUtil.allocate(512)) < 0) {
                failed(new EOFException("the operator hung up"));
            }
        } catch (IOException | RuntimeException e) {
            failed(e);
        }
    }

    private void cancelTimers() {
        for (Future<?> running : Arrays.asList(timeout, look, expiry)) {
            if (running != null) {
                running.cancel(false);
            }
        }
    }

    /** Whether the caller is the first to bring it. */
    boolean taken() {
        return !ended.get() && taken.compareAndSet(false, true);
    }

    boolean over() {
        return ended.get();
    }

    /** What the device sends to. */
    Session.Listener fromDevice() {
        return new FromDevice();
    }

    private void lateWithoutDevice() {
        if (taken.compareAndSet(false, true) && end()) {
            Answers.problem(response, callback, 503, offline(nodeId));
        }
    }

    static Problem offline(String nodeId) {
        return new Problem(
                "node.offline",
                "Node '" + nodeId + "' doesn't answer.",
                "Check its power and its link; 'skerry node show' tells when it was heard of last.");
    }

    /** Either side is lost. */
    void failed(Throwable because) {
        if (end()) {
            LOG.debug("Stream {} ended.", id, because);
            if (response.isCommitted()) {
                callback.failed(because);
            } else {
                Answers.problem(
                        response,
                        callback,
                        502,
                        new Problem(
                                "stream.broken",
                                "The stream from node '" + nodeId + "' broke off before it began.",
                                "Ask again."));
            }
        }
    }

    private boolean end() {
        if (!ended.compareAndSet(false, true)) {
            return false;
        }
        cancelTimers();
        onEnd.run();
        Session session = device.get();
        if (session != null) {
            session.close(StatusCode.NORMAL, "", org.eclipse.jetty.websocket.api.Callback.NOOP);
        }
        return true;
    }

    /** The device's side. Public, since Jetty calls it by reflection. */
    public final class FromDevice implements Session.Listener {
        @Override
        public void onWebSocketOpen(Session session) {
            device.set(session);
            session.setIdleTimeout(java.time.Duration.ofMinutes(SILENT_MINUTES));
            session.setMaxBinaryMessageSize(1024 * 1024);
            if (ended.get()) {
                session.close(StatusCode.NORMAL, "", org.eclipse.jetty.websocket.api.Callback.NOOP);
                return;
            }
            response.setStatus(200);
            response.getHeaders()
                    .put(HttpHeader.CONTENT_TYPE, Answers.TEXT)
                    .put(HttpHeader.CACHE_CONTROL, "no-store")
                    .put("Skerry-Stream", follow ? "follow" : "whole");
            // Headers now, so that the operator sees that it begins.
            response.write(false, null, Callback.from(session::demand, LogStream.this::failed));
        }

        @Override
        public void onWebSocketPartialBinary(
                ByteBuffer payload, boolean last, org.eclipse.jetty.websocket.api.Callback done) {
            Session session = device.get();
            if (session == null || ended.get()) {
                done.succeed();
                return;
            }
            response.write(
                    false,
                    payload,
                    Callback.from(
                            () -> {
                                done.succeed();
                                session.demand();
                            },
                            failure -> {
                                done.fail(failure);
                                failed(failure);
                            }));
        }

        @Override
        public void onWebSocketClose(int statusCode, String reason, org.eclipse.jetty.websocket.api.Callback done) {
            done.succeed();
            if (statusCode == StatusCode.NORMAL) {
                if (end()) {
                    response.write(true, null, callback);
                }
            } else {
                failed(new IllegalStateException("the device's stream was closed with " + statusCode));
            }
        }

        @Override
        public void onWebSocketError(Throwable cause) {
            failed(cause);
        }
    }
}
