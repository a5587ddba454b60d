package io.skerry.device.link;

import io.skerry.spec.Problem;
import io.skerry.spec.ProblemException;
import io.skerry.spec.Wire;
import io.skerry.spec.wire.CertificateRequest;
import io.skerry.spec.wire.CertificateResponse;
import io.skerry.spec.wire.Messages;
import io.skerry.spec.wire.Paths;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiConsumer;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLPeerUnverifiedException;

/**
 * The device's calls of its cloud, over one HTTP client whose connections are kept. Each call has a deadline of its own that
 * covers everything from connecting to the last byte, so that a peer that is silently gone is noticed.
 */
public final class CloudClient implements AutoCloseable {
    static final int MOST_DOCUMENT_BYTES = 4 << 20;
    private static final int MOST_ANSWER_BYTES = 256 << 10;
    private static final Duration CALL_LIMIT = Duration.ofSeconds(30);
    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(15);

    private final HttpClient http;
    private final URI cloud;
    private final TrafficCount traffic;
    private final BiConsumer<Instant, Instant> time;

    /**
     * @param cloud https, host and port
     * @param time is told the cloud's time and the end of the certificate by which it is known
     */
    public CloudClient(SSLContext tls, URI cloud, TrafficCount traffic, BiConsumer<Instant, Instant> time) {
        this.http = HttpClient.newBuilder()
                .sslContext(tls)
                // One waiting poll needs no streams beside it, and HTTP/2 costs memory.
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(CONNECT_LIMIT)
                .executor(Executors.newVirtualThreadPerTaskExecutor())
                .build();
        this.cloud = cloud;
        this.traffic = traffic;
        this.time = time;
    }

    /** The client beneath, for content and streams: what is kept open serves all. */
    public HttpClient http() {
        return http;
    }

    /**
     * Waits for a desired state other than the one with this tag.
     *
     * @param entityTag with its quotes; empty for any
     * @param deadline after which nobody is thought to answer any more
     * @throws IOException when no answer came
     */
    PollAnswer poll(Optional<String> entityTag, Duration wait, Duration deadline)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(cloud.resolve(Paths.DESIRED_STATE))
                .header("Accept", "application/json")
                .header("Prefer", "wait=" + wait.toSeconds());
        entityTag.ifPresent(t -> request.header("If-None-Match", t));
        HttpResponse<byte[]> answer = send(request.build(), 0, Purpose.STATE, deadline, MOST_DOCUMENT_BYTES);
        Optional<Duration> nextWait = seconds(answer.headers(), Paths.NEXT_WAIT_HEADER);
        return switch (answer.statusCode()) {
            case 200 ->
                new PollAnswer.Document(
                        answer.body(), answer.headers().firstValue("ETag").orElse(""), nextWait);
            case 204, 304 -> new PollAnswer.Unchanged(nextWait);
            case 429, 502, 503, 504 ->
                new PollAnswer.Busy(
                        problem(answer, "link.busy"),
                        retryAfter(answer.headers()).orElse(Duration.ZERO));
            case 401, 403 -> new PollAnswer.Denied(problem(answer, "link.denied"));
            default -> new PollAnswer.Strange(problem(answer, "link.answer-strange"));
        };
    }

    /**
     * Reports the status.
     *
     * @throws IOException when no answer came
     * @throws ProblemException what the cloud said against it
     */
    void putStatus(byte[] json) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(cloud.resolve(Paths.STATUS))
                .header("Content-Type", "application/json")
                .PUT(HttpRequest.BodyPublishers.ofByteArray(json))
                .build();
        HttpResponse<byte[]> answer = send(request, json.length, Purpose.STATUS, CALL_LIMIT, MOST_ANSWER_BYTES);
        if (answer.statusCode() / 100 != 2) {
            throw problem(answer, "link.status-refused").asException();
        }
    }

    /** Asks for a new certificate. Throws a {@link ProblemException} when there is none. */
    public CertificateResponse renewCertificate(CertificateRequest body) {
        byte[] json = Messages.CERTIFICATE_REQUEST.toJsonBytes(body);
        HttpRequest request = HttpRequest.newBuilder(cloud.resolve(Paths.CERTIFICATE))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(json))
                .build();
        try {
            HttpResponse<byte[]> answer = send(request, json.length, Purpose.STATE, CALL_LIMIT, MOST_ANSWER_BYTES);
            if (answer.statusCode() / 100 != 2) {
                throw problem(answer, "link.certificate-refused").asException();
            }
            return Wire.read(Messages.CERTIFICATE_RESPONSE, answer.body(), "The cloud's certificate answer");
        } catch (IOException e) {
            throw new Problem("link.unreachable", "The cloud at " + cloud + " can't be reached.").asException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Problem("link.interrupted", "The renewal was interrupted.").asException(e);
        }
    }

    @Override
    public void close() {
        http.shutdownNow();
    }

    private HttpResponse<byte[]> send(
            HttpRequest request, int bodyBytes, Purpose purpose, Duration deadline, int mostBytes)
            throws IOException, InterruptedException {
        CompletableFuture<HttpResponse<byte[]>> sending =
                http.sendAsync(request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), mostBytes));
        try {
            HttpResponse<byte[]> answer = sending.get(deadline.toMillis(), TimeUnit.MILLISECONDS);
            traffic.sent(purpose, HeaderBytes.of(request) + bodyBytes);
            traffic.received(purpose, HeaderBytes.of(answer) + answer.body().length);
            tellTime(answer);
            return answer;
        } catch (TimeoutException e) {
            throw new HttpTimeoutException("no answer within " + deadline.toSeconds() + " s");
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException cause) {
                throw cause;
            }
            throw new IOException(e.getCause());
        } finally {
            // Closes the connection unless it is done: a half-open one must not be used again.
            sending.cancel(true);
        }
    }

    private void tellTime(HttpResponse<?> answer) {
        Optional<Instant> told = date(answer.headers(), "Date");
        answer.sslSession().ifPresent(session -> {
            try {
                Certificate[] chain = session.getPeerCertificates();
                if (told.isPresent() && chain.length > 0 && chain[0] instanceof X509Certificate certificate) {
                    time.accept(told.get(), certificate.getNotAfter().toInstant());
                }
            } catch (SSLPeerUnverifiedException e) {
                throw new IllegalStateException("an answer came over a connection whose peer wasn't verified", e);
            }
        });
    }

    private Problem problem(HttpResponse<byte[]> answer, String code) {
        try {
            return Wire.read(Messages.PROBLEM, answer.body(), "The cloud's answer");
        } catch (ProblemException e) {
            return new Problem(
                    code, "The cloud at " + cloud + " answered with HTTP status " + answer.statusCode() + ".");
        }
    }

    private static Optional<Duration> seconds(HttpHeaders headers, String name) {
        return headers.firstValue(name)
                .filter(v -> v.matches("[0-9]{1,6}"))
                .map(v -> Duration.ofSeconds(Long.parseLong(v)));
    }

    /** RFC 9110, 10.2.3: seconds or a date; the date is measured against the cloud's own. */
    private static Optional<Duration> retryAfter(HttpHeaders headers) {
        return seconds(headers, "Retry-After")
                .or(() -> date(headers, "Retry-After")
                        .flatMap(until -> date(headers, "Date").map(now -> Duration.between(now, until)))
                        .filter(d -> !d.isNegative()));
    }

    private static Optional<Instant> date(HttpHeaders headers, String name) {
        return headers.firstValue(name).flatMap(text -> {
            try {
                return Optional.of(ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME)
                        .toInstant());
            } catch (DateTimeParseException e) {
                return Optional.empty();
            }
        });
    }

    /** What the heads of messages take on the wire, near enough for counting. */
    static final class HeaderBytes {
        private static final int LINE_END = 2;

        private HeaderBytes() {}

        static long of(HttpRequest request) {
            return request.method().length()
                    + request.uri().getRawPath().length()
                    + " HTTP/1.1".length()
                    + "Host: ".length()
                    + request.uri().getRawAuthority().length()
                    + 3 * LINE_END
                    + of(request.headers());
        }

        static long of(HttpResponse<?> answer) {
            return "HTTP/1.1 200 OK".length() + 2 * LINE_END + of(answer.headers());
        }

        private static long of(HttpHeaders headers) {
            long bytes = 0;
            for (Map.Entry<String, List<String>> header : headers.map().entrySet()) {
                for (String value : header.getValue()) {
                    bytes += header.getKey().length() + 2 + value.length() + LINE_END;
                }
            }
            return bytes;
        }
    }
}
