package io.skerry.cloud.remote;

import io.skerry.cloud.web.Answers;
import io.skerry.spec.Problem;
import java.nio.ByteBuffer;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
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
    /** Over HTTP/1.1 an operator who has gone isn't noticed while there is nothing to send. */
    private static final int SILENT_MINUTES = 60;

    private final String id;
    private final String nodeId;
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

    LogStream(
            String id,
            String nodeId,
            boolean follow,
            Request request,
            Response response,
            Callback callback,
            ScheduledExecutorService timer,
            Runnable onEnd) {
        this.id = id;
        this.nodeId = nodeId;
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

    /** Waits for the device. */
    void begin() {
        request.addIdleTimeoutListener(t -> false);
        request.addFailureListener(this::failed);
        timeout = timer.schedule(this::lateWithoutDevice, CONNECT_SECONDS, TimeUnit.SECONDS);
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
        Future<?> late = timeout;
        if (late != null) {
            late.cancel(false);
        }
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
