package io.skerry.cli.api;

import io.skerry.spec.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** Speaks HTTP with one cloud, with one API key. Safe for several threads. */
final class CloudClient {
    private static final Duration CONNECT = Duration.ofSeconds(10);
    /** Answers are pages of at most 200 things; this is far above any of them. */
    private static final int LARGEST_ANSWER = 32 << 20;

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
        HttpRequest request = request(endpoint.graphql(), timeout)
                .header("content-type", "application/json")
                .header("accept", "application/graphql-response+json, application/json;q=0.9")
                .POST(BodyPublishers.ofByteArray(body))
                .build();
        HttpResponse<byte[]> response =
                send(request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), LARGEST_ANSWER));
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

    private <T> HttpResponse<T> send(HttpRequest request, HttpResponse.BodyHandler<T> handler) {
        try {
            return http.send(request, handler);
        } catch (IOException e) {
            throw Unreachable.problem(endpoint, e).asException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Problem("cloud.unreachable", "The call to " + endpoint + " was interrupted.").asException(e);
        }
    }
}
