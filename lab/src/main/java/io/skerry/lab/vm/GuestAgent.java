package io.skerry.lab.vm;

import io.skerry.spec.Problem;
import io.skerry.spec.ProblemException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The host's end of the wire to the shell loop {@code agent} in a guest; what goes over it is told there. One script runs at a
 * time; others wait. A guest whose host is gone powers itself off.
 */
final class GuestAgent implements AutoCloseable {
    private static final int MOST_ANSWER = 4 << 20;
    /** An emulated machine on a busy host takes its time to start a process and to answer. */
    private static final Duration GRACE = Duration.ofSeconds(60);

    private static final String READY = "ready";
    private static final String GONE = "gone";

    private final ServerSocketChannel listening;
    private final BlockingQueue<String> answers = new LinkedBlockingQueue<>();
    private final ReentrantLock one = new ReentrantLock();
    private final Thread reader;
    private volatile @Nullable SocketChannel guest;
    /** An answer that comes after its time must not be taken for the next one's. */
    private volatile boolean lost;

    GuestAgent(Path socket) {
        try {
            this.listening = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
            listening.bind(UnixDomainSocketAddress.of(socket));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        this.reader = Thread.ofPlatform().daemon().name("guest").start(this::read);
    }

    private void read() {
        try (SocketChannel connected = listening.accept()) {
            guest = connected;
            InputStream in = Channels.newInputStream(connected);
            ByteArrayOutputStream line = new ByteArrayOutputStream();
            byte[] buffer = new byte[1 << 16];
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                for (int i = 0; i < n; i++) {
                    if (buffer[i] == '\n') {
                        answers.add(line.toString(StandardCharsets.US_ASCII));
                        line.reset();
                    } else if (line.size() < MOST_ANSWER) {
                        line.write(buffer[i]);
                    }
                }
            }
        } catch (IOException e) {
            // The machine was killed.
        }
        answers.add(GONE);
    }

    /** Whether the guest said within this time that it listens. */
    boolean ready(Duration within) {
        return READY.equals(answer(within));
    }

    /**
     * Runs a script by the guest's {@code /bin/sh}.
     *
     * @throws ProblemException {@code lab.guest-silent} when the guest doesn't answer or is gone
     */
    GuestResult run(Duration limit, String script) {
        one.lock();
        try {
            send(limit, script);
            String answer = answer(limit.plus(GRACE));
            String[] parts = answer.split(" ", -1);
            if (parts.length != 3) {
                lost = true;
                throw silent(
                        answer.equals(GONE)
                                ? "is gone"
                                : "did not answer within " + limit.plus(GRACE).toSeconds() + " s");
            }
            return new GuestResult(Integer.parseInt(parts[0]), decoded(parts[1]), decoded(parts[2]));
        } finally {
            one.unlock();
        }
    }

    /** Sends a script whose answer isn't waited for, since the machine ends by it. */
    void send(Duration limit, String script) {
        SocketChannel to = guest;
        if (to == null || lost) {
            throw silent("is not connected");
        }
        String line = limit.toSeconds() + " " + escaped(script) + "\n";
        try {
            ByteBuffer bytes = ByteBuffer.wrap(line.getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                to.write(bytes);
            }
        } catch (IOException e) {
            throw silent("is gone");
        }
    }

    private String answer(Duration within) {
        try {
            String answer = answers.poll(within.toMillis(), TimeUnit.MILLISECONDS);
            return answer == null ? "" : answer;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Problem("host.interrupted", "Waiting for the guest was interrupted.").asException(e);
        }
    }

    private static ProblemException silent(String what) {
        return new Problem("lab.guest-silent", "The guest " + what + ".", "Read its console.").asException();
    }

    /** In one line, as printf's %b reads it. */
    private static String escaped(String script) {
        return script.replace("\\", "\\\\").replace("\n", "\\n");
    }

    private static String decoded(String base64) {
        return new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        try {
            listening.close();
            SocketChannel connected = guest;
            if (connected != null) {
                connected.close();
            }
            reader.join();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
