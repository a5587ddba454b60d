package io.skerry.cloud.graphql;

import io.skerry.cloud.tenancy.Caller;
import io.skerry.spec.Problem;
import io.skerry.spec.Text;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.jspecify.annotations.Nullable;

/**
 * One client's connection, by the protocol {@code graphql-transport-ws}. Nothing is kept for a client that doesn't read: each message
 * waits until the one before is on its way, and who takes none for {@link #LONGEST_SEND} is cut off. Public, since Jetty calls
 * it by reflection.
 */
public final class LiveConnection implements Session.Listener {
    static final int MOST_OPERATIONS = 16;
    static final Duration LONGEST_SEND = Duration.ofSeconds(10);
    /** How long a right that has ended may go on being used, at most. */
    static final Duration LOOKS_EVERY = Duration.ofSeconds(2);

    private static final Duration INIT_WITHIN = Duration.ofSeconds(10);
    private static final Duration SILENT = Duration.ofSeconds(60);
    private static final int LOOKS_A_PING = 10;
    /** How long an operation that the client has ended may take to stop, before the next one is refused for it. */
    private static final Duration STOPS_WITHIN = Duration.ofSeconds(1);
    /** Whoever hasn't shown a key yet has nothing to say but the key. */
    private static final int LARGEST_OF_STRANGERS = 4 << 10;

    private static final int LARGEST_MESSAGE = 32 << 10;

    private final LiveDoor door;
    private final Optional<String> header;
    private final AtomicReference<@Nullable Session> session = new AtomicReference<>();
    private final AtomicReference<@Nullable Visitor> visitor = new AtomicReference<>();
    private final ConcurrentMap<String, LiveOperation> operations = new ConcurrentHashMap<>();
    private final ReentrantLock sending = new ReentrantLock();
    private final CountDownLatch over = new CountDownLatch(1);
    /** Of operations that run, also of those that the client has ended and that haven't stopped yet. */
    private final Semaphore places = new Semaphore(MOST_OPERATIONS);

    private final long openedAt = System.nanoTime();
    private volatile long heardAt = openedAt;

    LiveConnection(LiveDoor door, Optional<String> header) {
        this.door = door;
        this.header = header;
    }

    @Override
    public void onWebSocketOpen(Session opened) {
        session.set(opened);
        opened.setIdleTimeout(SILENT);
        opened.setMaxTextMessageSize(LARGEST_OF_STRANGERS);
        door.opened(this);
        Thread.ofVirtual().name("live-connection").start(this::lookAfter);
        opened.demand();
    }

    /** What comes is handled one after the other, and none is asked for before the one before was. */
    @Override
    public void onWebSocketText(String text) {
        heardAt = System.nanoTime();
        Thread.ofVirtual().name("live-message").start(() -> {
            handle(ClientMessage.parse(text));
            Session current = session.get();
            if (current != null && current.isOpen()) {
                current.demand();
            }
        });
    }

    private void handle(ClientMessage message) {
        switch (message) {
            case ClientMessage.Init(Optional<String> authorization) -> init(authorization);
            case ClientMessage.Ping() -> send(Map.of("type", "pong"));
            case ClientMessage.Pong() -> {
                // That it came is all that it says.
            }
            case ClientMessage.Subscribe(String id, GraphQlRequest request) -> subscribe(id, request);
            case ClientMessage.Complete(String id) ->
                Optional.ofNullable(operations.remove(id)).ifPresent(LiveOperation::end);
            case ClientMessage.Malformed(String why) -> close(4400, why);
        }
    }

    private void init(Optional<String> authorization) {
        if (visitor.get() != null) {
            close(4429, "Too many initialisation requests");
            return;
        }
        Optional<Visitor> found = authorization.or(() -> header).flatMap(door::visitor);
        if (found.isEmpty()) {
            close(4403, "Forbidden");
        } else if (door.isFull(found.get().caller())) {
            close(4429, "Too many connections of one API key");
        } else {
            visitor.set(found.get());
            Optional.ofNullable(session.get()).ifPresent(s -> s.setMaxTextMessageSize(LARGEST_MESSAGE));
            send(Map.of("type", "connection_ack"));
        }
    }

    private void subscribe(String id, GraphQlRequest request) {
        Visitor current = visitor.get();
        if (current == null) {
            close(4401, "Unauthorized");
            return;
        }
        var operation = new LiveOperation(door, this, current, id, request);
        if (operations.putIfAbsent(id, operation) != null) {
            close(4409, "Subscriber for " + Text.shortened(id, 60) + " already exists");
            return;
        }
        if (operations.size() > MOST_OPERATIONS || !hasPlace()) {
            operations.remove(id);
            fail(
                    id,
                    List.of(Failures.sent(new Problem(
                            "subscription.too-many",
                            "A connection can have " + MOST_OPERATIONS + " operations at once.",
                            "End one of them first, or open another connection."))));
            return;
        }
        operation.start();
    }

    private boolean hasPlace() {
        try {
            return places.tryAcquire(STOPS_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** One more answer of an operation. */
    boolean next(String id, Map<String, @Nullable Object> answer) {
        return send(Map.of("type", "next", "id", id, "payload", answer));
    }

    /** An operation ended by failures. */
    void fail(String id, Object errors) {
        send(Map.of("type", "error", "id", id, "payload", errors));
    }

    void complete(String id) {
        send(Map.of("type", "complete", "id", id));
    }

    void ended(String id, LiveOperation operation) {
        operations.remove(id, operation);
    }

    /** The operation runs no more. */
    void stopped(String id, LiveOperation operation) {
        ended(id, operation);
        places.release();
    }

    /** Whether no key was shown yet. */
    boolean isStranger() {
        return visitor.get() == null;
    }

    Duration age() {
        return Duration.ofNanos(System.nanoTime() - openedAt);
    }

    /** Is closed, so that another one can be opened. */
    void giveWay() {
        close(1013, "Try again later");
    }

    boolean isOf(Caller other) {
        Visitor current = visitor.get();
        return current != null && current.caller().apiKeyId().equals(other.apiKeyId());
    }

    /** False when it could not be sent; then the connection is over. */
    private boolean send(Map<String, ?> message) {
        Session current = session.get();
        if (current == null || !current.isOpen()) {
            return false;
        }
        String text = new String(JsonText.bytes(message), StandardCharsets.UTF_8);
        sending.lock();
        try {
            var sent = new CompletableFuture<@Nullable Void>();
            current.sendText(text, Callback.from(() -> sent.complete(null), sent::completeExceptionally));
            sent.get(LONGEST_SEND.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException | ExecutionException e) {
            current.disconnect();
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            sending.unlock();
        }
    }

    private void close(int code, String reason) {
        Session current = session.get();
        if (current != null) {
            current.close(code, Text.shortened(reason, 100), Callback.NOOP);
        }
        finish();
    }

    private void lookAfter() {
        try {
            for (int look = 1; !over.await(LOOKS_EVERY.toMillis(), TimeUnit.MILLISECONDS); look++) {
                Visitor current = visitor.get();
                if (current == null && age().compareTo(INIT_WITHIN) > 0) {
                    close(4408, "Connection initialisation timeout");
                } else if (current != null && !door.isGood(current.caller())) {
                    close(4403, "Forbidden");
                } else if (System.nanoTime() - heardAt > SILENT.toNanos()) {
                    // It doesn't even answer pings, and nobody may be there to be told.
                    Optional.ofNullable(session.get()).ifPresent(Session::disconnect);
                    finish();
                } else if (look % LOOKS_A_PING == 0) {
                    send(Map.of("type", "ping"));
                }
            }
        } catch (InterruptedException e) {
            // Nobody interrupts this thread.
            close(1011, "Interrupted");
        }
    }

    private void finish() {
        over.countDown();
        door.closed(this);
        operations.values().forEach(LiveOperation::end);
        operations.clear();
    }

    @Override
    public void onWebSocketClose(int statusCode, String reason, Callback done) {
        done.succeed();
        finish();
    }

    @Override
    public void onWebSocketError(Throwable cause) {
        finish();
    }
}
