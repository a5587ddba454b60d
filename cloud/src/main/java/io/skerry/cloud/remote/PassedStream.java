package io.skerry.cloud.remote;

import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.eclipse.jetty.websocket.api.StatusCode;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A device's stream on its way to another replica. A frame is asked of the device when the one before has gone on, so nothing
 * piles up here. Public, since Jetty calls it by reflection.
 */
public final class PassedStream implements Session.Listener {
    private static final Logger LOG = LoggerFactory.getLogger(PassedStream.class);
    private static final Duration SILENT = Duration.ofMinutes(60);
    private static final int LARGEST = 1024 * 1024;

    private final HttpClient http;
    private final Runnable onEnd;
    private final AtomicBoolean ended = new AtomicBoolean();
    private volatile @Nullable WebSocket further;
    private volatile @Nullable Session device;

    /**
     * @param http by which the way further is opened; closed with it
     * @param onEnd called once
     */
    PassedStream(HttpClient http, Runnable onEnd) {
        this.http = http;
        this.onEnd = onEnd;
    }

    /** It didn't come about. */
    void failed() {
        end(StatusCode.SERVER_ERROR, StatusCode.SERVER_ERROR);
    }

    /** The side towards the other replica. */
    WebSocket.Listener further() {
        return new Further();
    }

    @Override
    public void onWebSocketOpen(Session session) {
        device = session;
        session.setIdleTimeout(SILENT);
        session.setMaxBinaryMessageSize(LARGEST);
        if (ended.get()) {
            session.close(StatusCode.SERVER_ERROR, "", Callback.NOOP);
        } else {
            session.demand();
        }
    }

    @Override
    public void onWebSocketPartialBinary(ByteBuffer payload, boolean last, Callback done) {
        WebSocket to = further;
        Session from = device;
        if (to == null || from == null || ended.get()) {
            done.succeed();
            return;
        }
        var _ = to.sendBinary(payload, last).whenComplete((sent, failure) -> {
            if (failure == null) {
                done.succeed();
                from.demand();
            } else {
                done.fail(failure);
                end(WebSocket.NORMAL_CLOSURE, StatusCode.SERVER_ERROR);
            }
        });
    }

    @Override
    public void onWebSocketClose(int statusCode, String reason, Callback done) {
        done.succeed();
        // The only two that a device closes with, and that a client may send.
        end(statusCode == StatusCode.NORMAL ? WebSocket.NORMAL_CLOSURE : StatusCode.SERVER_ERROR, StatusCode.NORMAL);
    }

    @Override
    public void onWebSocketError(Throwable cause) {
        LOG.debug("A stream that is passed on broke.", cause);
        end(StatusCode.SERVER_ERROR, StatusCode.SERVER_ERROR);
    }

    private void end(int toReplica, int toDevice) {
        if (!ended.compareAndSet(false, true)) {
            return;
        }
        onEnd.run();
        Session from = device;
        if (from != null) {
            from.close(toDevice, "", Callback.NOOP);
        }
        WebSocket to = further;
        if (to == null || to.isOutputClosed()) {
            http.shutdownNow();
        } else {
            var _ = to.sendClose(toReplica, "").whenComplete((closed, failure) -> {
                if (failure != null) {
                    to.abort();
                }
                http.shutdown();
            });
        }
    }

    private final class Further implements WebSocket.Listener {
        @Override
        public void onOpen(WebSocket socket) {
            further = socket;
            socket.request(1);
        }

        @Override
        public @Nullable CompletionStage<?> onClose(WebSocket socket, int statusCode, String reason) {
            end(
                    WebSocket.NORMAL_CLOSURE,
                    statusCode == StatusCode.NORMAL ? StatusCode.NORMAL : StatusCode.SERVER_ERROR);
            return null;
        }

        @Override
        public void onError(WebSocket socket, Throwable error) {
            LOG.debug("The replica of a stream is lost.", error);
            end(StatusCode.SERVER_ERROR, StatusCode.SERVER_ERROR);
        }
    }
}
