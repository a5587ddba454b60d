package io.skerry.cli.api;

import io.skerry.spec.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** Speaks HTTP with one cloud, with one API key. Safe for several threads. */
final class CloudClient {
    private static final Duration CONNECT = Duration.ofSeconds(10);
    /** Answers are pages of at most 200 things; this is far above any of them. */
    private static final int LARGEST_ANSWER = 32 << 20;

    /** Before a change is sent once more; together about as long as a cloud's restart. */
    private static final List<Duration> PAUSES =
            List.of(Duration.ofMillis(200), Duration.ofSeconds(1), Duration.ofSeconds(3), Duration.ofSeconds(6));

    private static final int LARGEST_REFUSAL = 64 << 10;

    private final Endpoint endpoint;
    private final String authorization;
    private final Answers answers;
    private final HttpClient http;

    CloudClient(Endpoint endpoint, String apiKey, SSLContext trust) {
        this.endpoint = endpoint;
        this.authorization = "apikey " + apiKey;
        this.answers = new Answers(endpoint);
        this.http = HttpClient.newBuilder()
                .connectTimeout(CONNECT)
                .sslContext(trust)
                .followRedirects(HttpClient.Redirect.NEVER)
                .build();
    }

    /**
     * Sends an operation and waits for its answer; empty for null.
     *
     * @throws io.skerry.spec.ProblemException the cloud's own problem, or why there is no answer
     */
    Optional<Object> call(Operation operation, Map<String, ? extends @Nullable Object> variables, Duration timeout) {
        byte[] body = Documents.untyped().toJsonBytes(Map.of("query", operation.document(), "variables", variables));
        HttpRequest.Builder request = request(endpoint.graphql(), timeout)
                .header("content-type", "application/json")
                .header("accept", "application/graphql-response+json, application/json;q=0.9")
                .POST(BodyPublishers.ofByteArray(body));
        BodyHandler<byte[]> handler = BodyHandlers.limiting(BodyHandlers.ofByteArray(), LARGEST_ANSWER);
        HttpResponse<byte[]> response = operation.changes()
                ? sendPersistently(
                        request.header("idempotency-key", UUID.randomUUID().toString())
                                .build(),
                        handler)
                : send(request.build(), handler);
        return answers.field(operation.field(), response.statusCode(), response.body());
    }

    /**
     * An instance's log as it comes; closing it ends the stream.
     *
     * @throws io.skerry.spec.ProblemException the cloud's own problem, or why there is no answer
     */
    InputStream log(String instanceId, boolean follow, int tail, Duration timeout) {
        HttpRequest request =
                request(endpoint.logs(instanceId, follow, tail), timeout).GET().build();
        HttpResponse<InputStream> response = send(request, BodyHandlers.ofInputStream());
        if (response.statusCode() == 200) {
            return response.body();
        }
        try (InputStream refusal = response.body()) {
            throw answers.refusal(response.statusCode(), refusal.readNBytes(LARGEST_REFUSAL))
                    .asException();
        } catch (IOException e) {
            throw Unreachable.problem(endpoint, e).asException(e);
        }
    }

    private HttpRequest.Builder request(URI uri, Duration timeout) {
        return HttpRequest.newBuilder(uri).timeout(timeout).header("authorization", authorization);
    }

    private <T> HttpResponse<T> send(HttpRequest request, BodyHandler<T> handler) {
        try {
            return http.send(request, handler);
        } catch (IOException e) {
            throw Unreachable.problem(endpoint, e).asException(e);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    /**
     * When the connection breaks amid a change, nobody knows whether it was made: it is sent again, and the cloud, which knows
     * it by its idempotency key, makes it once.
     */
    private <T> HttpResponse<T> sendPersistently(HttpRequest request, BodyHandler<T> handler) {
        try {
            IOException broken;
            try {
                return http.send(request, handler);
            } catch (IOException e) {
                broken = e;
            }
            if (!Unreachable.perhapsHeard(broken)) {
                throw Unreachable.problem(endpoint, broken).asException(broken);
            }
            IOException last = broken;
            for (Duration pause : PAUSES) {
                if (Unreachable.tookTooLong(last)) {
                    // It has been waited for as long as was wanted.
                    break;
                }
                Thread.sleep(pause);
                try {
                    return http.send(request, handler);
                } catch (IOException e) {
                    broken.addSuppressed(e);
                    last = e;
                }
            }
            throw Unreachable.amid(endpoint, broken).asException(broken);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private RuntimeException interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new Problem("cloud.unreachable", "The call to " + endpoint + " was interrupted.").asException(e);
    }
}
