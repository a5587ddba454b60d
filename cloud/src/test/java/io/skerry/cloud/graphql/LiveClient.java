package io.skerry.cloud.graphql;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Speaks graphql-transport-ws by the word, right or wrong. */
final class LiveClient implements WebSocket.Listener, AutoCloseable {
    private final BlockingQueue<Map<String, @Nullable Object>> heard = new LinkedBlockingQueue<>();
    private final CompletableFuture<Integer> closed = new CompletableFuture<>();
    private final StringBuilder part = new StringBuilder();
    private final WebSocket socket;

    private LiveClient(HttpClient http, URI at, String... headers) {
        var builder = http.newWebSocketBuilder().subprotocols("graphql-transport-ws");
        for (int i = 0; i < headers.length; i += 2) {
            builder.header(headers[i], headers[i + 1]);
        }
        socket = builder.buildAsync(at, this).join();
    }

    static LiveClient at(HttpClient http, URI at, String... headers) {
        return new LiveClient(http, at, headers);
    }

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence text, boolean last) {
        part.append(text);
        if (last) {
            heard.add(JsonText.object(part.toString().getBytes(StandardCharsets.UTF_8), "The message"));
            part.setLength(0);
        }
        from.request(1);
        return null;
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket from, int code, String reason) {
        closed.complete(code);
        return null;
    }

    @Override
    public void onError(WebSocket from, Throwable error) {
        closed.completeExceptionally(error);
    }

    LiveClient says(String message) {
        socket.sendText(message.replace('\'', '"'), true).join();
        return this;
    }

    /** Is let in. */
    LiveClient begins(String payload) {
        says("{'type':'connection_init','payload':" + payload + "}");
        hears("connection_ack");
        return this;
    }

    LiveClient subscribes(String id, String query) {
        return says("{'type':'subscribe','id':'" + id + "','payload':{'query':'" + query + "'}}");
    }

    /** The next message but for pings, which come when they come; it has to be of this type. */
    Map<String, @Nullable Object> hears(String type) {
        try {
            Map<String, @Nullable Object> message = heard.poll(20, TimeUnit.SECONDS);
            while (message != null && "ping".equals(message.get("type"))) {
                message = heard.poll(20, TimeUnit.SECONDS);
            }
            if (message == null || !type.equals(message.get("type"))) {
                throw new AssertionError(type + " was to come, and what came is " + message);
            }
            return message;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The payload of the next message, which has to be of this type. */
    String told(String type) {
        return Objects.requireNonNull(hears(type).get("payload")).toString();
    }

    boolean heardNothingMore() {
        return heard.isEmpty();
    }

    int closedWith() {
        return closed.orTimeout(20, TimeUnit.SECONDS).join();
    }

    @Override
    public void close() {
        socket.abort();
    }
}
