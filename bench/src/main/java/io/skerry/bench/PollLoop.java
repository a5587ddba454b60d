package io.skerry.bench;

import io.skerry.spec.Problem;
import io.skerry.spec.Text;
import io.skerry.spec.wire.Paths;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/**
 * One device that asks for its desired state again and again over one kept-alive connection. Written by hand over a socket,
 * since the processor time that a client takes is taken from the server on a small machine.
 */
final class PollLoop {
    private static final Pattern TAG = Pattern.compile("(?i)^ETag: *(\"[0-9.]+\")\r?$", Pattern.MULTILINE);
    private static final Pattern LENGTH = Pattern.compile("(?i)^Content-Length: *(\\d{1,7})\r?$", Pattern.MULTILINE);
    private static final int MOST_HEAD = 8192;

    private final SSLContext tls;
    private final URI cloud;
    private final Duration every;
    private final Thread thread = Thread.ofPlatform().daemon().name("poll-loop").unstarted(this::run);
    private final byte[] buffer = new byte[MOST_HEAD];
    private volatile long answered;
    private volatile boolean ended;
    private volatile String failure = "";

    /** @param every how often it asks; zero: again as soon as it was answered */
    PollLoop(SSLContext tls, URI cloud, Duration every) {
        this.tls = tls;
        this.cloud = cloud;
        this.every = every;
    }

    void start() {
        thread.start();
    }

    /**
     * How many polls were answered as unchanged so far.
     *
     * @throws io.skerry.spec.ProblemException {@code bench.poll-failed} when one was answered otherwise
     */
    long answered() {
        if (!failure.isEmpty()) {
            throw new Problem("bench.poll-failed", "A poll under load failed: " + failure + ".").asException();
        }
        return answered;
    }

    /** Ends it; waits for its last answer. */
    void end() {
        ended = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Problem("host.interrupted", "Waiting for a poll was interrupted.").asException(e);
        }
    }

    private void run() {
        try (SSLSocket socket = (SSLSocket) tls.getSocketFactory().createSocket(cloud.getHost(), cloud.getPort())) {
            socket.setSoTimeout(30_000);
            socket.setTcpNoDelay(true);
            InputStream in = socket.getInputStream();
            socket.getOutputStream().write(request(""));
            byte[] poll = request("If-None-Match: " + tagOfFirst(in) + "\r\n");
            long count = 0;
            long next = System.nanoTime();
            while (!ended) {
                next += every.toNanos();
                socket.getOutputStream().write(poll);
                String head = head(in);
                if (!head.startsWith("HTTP/1.1 304 ")) {
                    throw new IOException("the control plane answered " + Text.shortened(head, 60));
                }
                answered = ++count;
                LockSupport.parkNanos(next - System.nanoTime());
            }
        } catch (IOException e) {
            failure = String.valueOf(e.getMessage());
        }
    }

    private byte[] request(String condition) {
        return ("GET " + Paths.DESIRED_STATE + " HTTP/1.1\r\nHost: " + cloud.getAuthority() + "\r\n" + condition
                        + "\r\n")
                .getBytes(StandardCharsets.US_ASCII);
    }

    /** Reads the first answer, which is a whole document, to its end. */
    private String tagOfFirst(InputStream in) throws IOException {
        String head = head(in);
        Matcher tag = TAG.matcher(head);
        Matcher length = LENGTH.matcher(head);
        if (!head.startsWith("HTTP/1.1 200 ") || !tag.find() || !length.find()) {
            throw new IOException("the control plane answered " + Text.shortened(head, 60));
        }
        int body = head.indexOf("\r\n\r\n") + 4;
        in.skipNBytes(Integer.parseInt(length.group(1)) - (head.length() - body));
        return tag.group(1);
    }

    /** What came until the end of an answer's head, and what came with it in the same read. */
    private String head(InputStream in) throws IOException {
        int filled = 0;
        while (filled < MOST_HEAD) {
            int n = in.read(buffer, filled, MOST_HEAD - filled);
            if (n < 0) {
                throw new IOException("the control plane closed the connection");
            }
            filled += n;
            String text = new String(buffer, 0, filled, StandardCharsets.ISO_8859_1);
            if (text.contains("\r\n\r\n")) {
                return text;
            }
        }
        throw new IOException("an answer's head has more than " + MOST_HEAD + " bytes");
    }
}
