package io.skerry.cli.api;

import io.skerry.spec.Problem;
import io.skerry.spec.ProblemException;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** Where people log in to a cloud and out of it, as far as this program has a part in it. */
public final class PeoplesDoor {
    private static final Duration USUAL = Duration.ofSeconds(30);
    private static final int LARGEST_ANSWER = 64 << 10;

    private final Endpoint endpoint;
    private final Answers answers;
    private final HttpClient http;

    private PeoplesDoor(Endpoint endpoint, HttpClient.Builder http) {
        this.endpoint = endpoint;
        this.answers = new Answers(endpoint);
        this.http = http.connectTimeout(Duration.ofSeconds(10))
                .followRedirects(HttpClient.Redirect.NEVER)
                .build();
    }

    /** Trusts the system's certificate authorities. */
    public static PeoplesDoor at(Endpoint endpoint) {
        return new PeoplesDoor(endpoint, HttpClient.newBuilder().sslContext(Trust.system()));
    }

    /** Trusts these certificate authorities (PEM) only. */
    public static PeoplesDoor at(Endpoint endpoint, String authorities) {
        return new PeoplesDoor(endpoint, HttpClient.newBuilder().sslContext(Trust.pinned(authorities)));
    }

    /**
     * What a person opens to log in.
     *
     * @param returnTo where this program waits for the end
     * @param challenge base64url of the SHA-256 of what only this program knows
     * @param state by which it knows its login again
     */
    public URI address(URI returnTo, String challenge, String state, Optional<String> customer) {
        return endpoint.base()
                .resolve("/login?return_to=" + encoded(returnTo.toString()) + "&challenge=" + challenge + "&state="
                        + state + customer.map(c -> "&customer=" + encoded(c)).orElse(""));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    /**
     * Fetches what came of a login.
     *
     * @throws ProblemException why nothing did, or why there is no answer
     */
    public PersonsKey exchange(String code, String verifier) {
        byte[] body = Documents.untyped().toJsonBytes(Map.of("code", code, "verifier", verifier));
        HttpResponse<byte[]> response =
                send(HttpRequest.newBuilder(endpoint.base().resolve("/login/exchange"))
                        .header("content-type", "application/json")
                        .POST(BodyPublishers.ofByteArray(body)));
        if (response.statusCode() != 200) {
            throw answers.refusal(response.statusCode(), response.body()).asException();
        }
        return Documents.read(PersonsKey.class, Documents.untyped().fromJson(response.body()));
    }

    /**
     * Ends a login; one that has ended already is as good.
     *
     * @throws ProblemException why it can't be ended, or why there is no answer
     */
    public void logOut(String apiKey) {
        HttpResponse<byte[]> response =
                send(HttpRequest.newBuilder(endpoint.base().resolve("/logout"))
                        .header("authorization", "apikey " + apiKey)
                        .POST(BodyPublishers.noBody()));
        if (response.statusCode() != 204 && response.statusCode() != 401) {
            throw answers.refusal(response.statusCode(), response.body()).asException();
        }
    }

    private HttpResponse<byte[]> send(HttpRequest.Builder request) {
        try {
            return http.send(
                    request.timeout(USUAL).build(), BodyHandlers.limiting(BodyHandlers.ofByteArray(), LARGEST_ANSWER));
        } catch (IOException e) {
            throw Unreachable.problem(endpoint, e).asException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Problem("cloud.unreachable", "The call to " + endpoint + " was interrupted.").asException(e);
        }
    }
}
