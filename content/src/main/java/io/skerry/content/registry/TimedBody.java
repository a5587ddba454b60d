package io.skerry.content.registry;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * An answer's body as a stream whose reads give up when nothing comes for too long: the JDK's own waits for ever. Holds no
 * more than one piece that wasn't read yet.
 */
final class TimedBody extends InputStream implements BodySubscriber<InputStream> {
    private sealed interface Event {}

    private record Piece(List<ByteBuffer> buffers) implements Event {}

    private record End() implements Event {}

    private record Failure(Throwable cause) implements Event {}

    private final Duration limit;
    /** One piece is asked for at a time; besides it only the end can come. */
    private final BlockingQueue<Event> events = new ArrayBlockingQueue<>(2);

    private final AtomicReference<Flow.@Nullable Subscription> subscription = new AtomicReference<>();
    private Iterator<ByteBuffer> buffers = List.<ByteBuffer>of().iterator();
    private ByteBuffer current = ByteBuffer.allocate(0);
    private boolean ended;
    private volatile boolean closed;

    TimedBody(Duration limit) {
        this.limit = limit;
    }

    @Override
    public CompletionStage<InputStream> getBody() {
        return CompletableFuture.completedStage(this);
    }

    @Override
    public void onSubscribe(Flow.Subscription given) {
        subscription.set(given);
        if (closed) {
            given.cancel();
        } else {
            given.request(1);
        }
    }

    @Override
    public void onNext(List<ByteBuffer> piece) {
        events.add(new Piece(piece));
    }

    @Override
    public void onError(Throwable cause) {
        events.add(new Failure(cause));
    }

    @Override
    public void onComplete() {
        events.add(new End());
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        while (!current.hasRemaining()) {
            if (closed) {
                throw new IOException("the answer's body is closed");
            }
            if (ended) {
                return -1;
            }
            if (buffers.hasNext()) {
                current = buffers.next();
            } else {
                take(next());
            }
        }
        int n = Math.min(length, current.remaining());
        current.get(target, offset, n);
        if (!current.hasRemaining() && !buffers.hasNext()) {
            Flow.Subscription now = subscription.get();
            if (now != null) {
                now.request(1);
            }
        }
        return n;
    }

    @Override
    public void close() {
        closed = true;
        Flow.Subscription now = subscription.get();
        if (now != null && !ended) {
            now.cancel();
        }
    }

    private void take(Event event) throws IOException {
        switch (event) {
            case Piece piece -> {
                buffers = piece.buffers().iterator();
                if (piece.buffers().stream().noneMatch(ByteBuffer::hasRemaining)) {
                    Flow.Subscription now = subscription.get();
                    if (now != null) {
                        now.request(1);
                    }
                }
            }
            case End end -> ended = true;
            case Failure failure -> {
                ended = true;
                throw new IOException(String.valueOf(failure.cause().getMessage()), failure.cause());
            }
        }
    }

    private Event next() throws IOException {
        Event event;
        try {
            event = events.poll(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            close();
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while reading an answer");
        }
        if (event == null) {
            close();
            throw new HttpTimeoutException("nothing came for " + limit.toSeconds() + " s");
        }
        return event;
    }
}
