package io.skerry.device.remote;

import io.skerry.spec.Problem;
import io.skerry.spec.ProblemException;
import io.skerry.spec.Text;
import io.skerry.spec.desired.Session;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongConsumer;

/** One log on its way over one WebSocket. A frame is sent when the one before it is, so a slow reader slows the reading. */
final class LogStream {
    private static final System.Logger LOG = System.getLogger(LogStream.class.getName());
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final int FRAME_BYTES = 8 << 10;
    private static final long MOMENT = Duration.ofMillis(50).toNanos();

    private final HttpClient http;
    private final URI address;
    private final Session.Stream wanted;
    private final LogSource logs;
    private final LongConsumer sent;
    private final Thread thread;
    private volatile boolean cancelled;

    LogStream(HttpClient http, URI address, Session.Stream wanted, LogSource logs, LongConsumer sent, Runnable ended) {
        this.http = http;
        this.address = address;
        this.wanted = wanted;
        this.logs = logs;
        this.sent = sent;
        this.thread = Thread.ofVirtual().name("stream").unstarted(() -> {
            try {
                send();
            } finally {
                ended.run();
            }
        });
    }

    void start() {
        thread.start();
    }

    void cancel() {
        cancelled = true;
        thread.interrupt();
    }

    private void send() {
        WebSocket socket;
        try {
            socket = within(http.newWebSocketBuilder().connectTimeout(LIMIT).buildAsync(address, new Ears()));
        } catch (IOException e) {
            LOG.log(System.Logger.Level.WARNING, "the cloud doesn't take a log of " + wanted.container(), e);
            return;
        }
        int status = WebSocket.NORMAL_CLOSURE;
        String reason = "";
        Frames frames = new Frames(socket);
        try {
            logs.follow(
                    wanted.container(),
                    wanted.tailLines(),
                    wanted.follow(),
                    frames::line,
                    () -> frames.idle() || cancelled);
            frames.flush();
        } catch (ProblemException e) {
            LOG.log(
                    System.Logger.Level.INFO,
                    "log of {0}: {1}",
                    wanted.container(),
                    e.problem().message());
            status = 1011;
            reason = reason(e.problem());
        } catch (UncheckedIOException e) {
            LOG.log(System.Logger.Level.DEBUG, "the log of " + wanted.container() + " has no reader any more", e);
            status = 1011;
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.ERROR, "reading the log of " + wanted.container() + " failed", e);
            status = 1011;
        }
        close(socket, status, reason);
    }

    /** A close frame has room for 123 bytes. */
    private static String reason(Problem problem) {
        String ascii = problem.message().replaceAll("[^\\x20-\\x7e]", "?");
        return Text.shortened(ascii, 120).replace("…", "");
    }

    private void close(WebSocket socket, int status, String reason) {
        // An interrupt said that the stream is to end; the closing itself is still to be done.
        boolean interrupted = Thread.interrupted();
        try {
            if (!socket.isOutputClosed()) {
                within(socket.sendClose(status, reason));
            }
        } catch (IOException e) {
            LOG.log(System.Logger.Level.DEBUG, "a stream broke off", e);
        } finally {
            socket.abort();
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static WebSocket within(CompletableFuture<WebSocket> done) throws IOException {
        try {
            return done.get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } catch (ExecutionException e) {
            throw new IOException(e.getCause());
        } catch (TimeoutException e) {
            throw new IOException("nothing moved for " + LIMIT.toSeconds() + " s", e);
        }
    }

    /** The cloud has nothing to say but that it is over. */
    private final class Ears implements WebSocket.Listener {
        @Override
        public CompletionStage<?> onClose(WebSocket socket, int statusCode, String reason) {
            cancelled = true;
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public void onError(WebSocket socket, Throwable error) {
            LOG.log(System.Logger.Level.DEBUG, "a stream broke off", error);
            cancelled = true;
        }
    }

    /** Gathers lines into frames: full ones while there is much, and what there is when no more comes for a moment. */
    private final class Frames {
        private final WebSocket socket;
        private final ByteArrayOutputStream frame = new ByteArrayOutputStream(FRAME_BYTES);
        private long flushedAt = System.nanoTime();

        private Frames(WebSocket socket) {
            this.socket = socket;
        }

        private void line(String line) {
            frame.writeBytes(line.getBytes(StandardCharsets.UTF_8));
            frame.write('\n');
            if (frame.size() >= FRAME_BYTES) {
                flush();
            }
        }

        /** Sends what has waited long enough; never asks to stop by itself. */
        private boolean idle() {
            if (System.nanoTime() - flushedAt >= MOMENT) {
                flush();
            }
            return false;
        }

        private void flush() {
            flushedAt = System.nanoTime();
            if (frame.size() == 0 || cancelled) {
                return;
            }
            try {
                within(socket.sendBinary(ByteBuffer.wrap(frame.toByteArray()), true));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            sent.accept(frame.size());
            frame.reset();
        }
    }
}
