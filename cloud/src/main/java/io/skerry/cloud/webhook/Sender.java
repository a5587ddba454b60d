package io.skerry.cloud.webhook;

import io.skerry.cloud.config.SealingKeys;
import io.skerry.cloud.egress.EgressAnswer;
import io.skerry.cloud.egress.EgressPost;
import io.skerry.cloud.egress.Posts;
import io.skerry.cloud.event.Event;
import io.skerry.spec.Problem;
import io.skerry.spec.ProblemException;
import io.skerry.spec.Text;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import javax.net.ssl.SSLException;

/** Sends one message, and says how that went. */
final class Sender {
    /** Of an attempt, from the look-up of the host to the end of what is read of the answer. */
    static final Duration TIME_LIMIT = Duration.ofSeconds(15);

    /** So much of an answer is read and kept. */
    static final int MOST_ANSWERED = 512;

    private final Posts posts;
    private final SealingKeys keys;
    private final InstantSource time;

    Sender(Posts posts, SealingKeys keys, InstantSource time) {
        this.posts = posts;
        this.keys = keys;
        this.time = time;
    }

    /**
     * Sends it.
     *
     * @param sealed the secrets by which it is signed
     * @param number of the attempt
     * @throws InterruptedIOException when the thread was interrupted: nothing is known then
     */
    Attempt send(String webhookId, URI url, List<String> sealed, Event event, int number)
            throws InterruptedIOException {
        long begun = time.millis();
        try {
            byte[] body = event.message();
            EgressAnswer answer = posts.post(new EgressPost(
                    url,
                    headers(webhookId, sealed, event.eventId(), begun / 1000, body),
                    "application/json",
                    body,
                    TIME_LIMIT,
                    MOST_ANSWERED));
            String said = new String(answer.firstBytes(), StandardCharsets.UTF_8);
            return attempt(number, begun, Optional.of(answer.status()), problem(answer.status()), said);
        } catch (ProblemException e) {
            return attempt(number, begun, Optional.empty(), Optional.of(e.problem()), "");
        } catch (SocketTimeoutException e) {
            return attempt(number, begun, Optional.empty(), Optional.of(problem(e)), "");
        } catch (InterruptedIOException e) {
            throw e;
        } catch (IOException e) {
            return attempt(number, begun, Optional.empty(), Optional.of(problem(e)), "");
        }
    }

    private Attempt attempt(
            int number, long begun, Optional<Integer> status, Optional<Problem> problem, String answer) {
        return new Attempt(
                number,
                begun,
                Math.max(0, time.millis() - begun),
                status,
                problem,
                Text.shortened(answer, MOST_ANSWERED));
    }

    private Map<String, String> headers(
            String webhookId, List<String> sealed, String messageId, long seconds, byte[] body) {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("webhook-id", messageId);
        headers.put("webhook-timestamp", Long.toString(seconds));
        headers.put(
                "webhook-signature",
                sealed.stream()
                        .map(s -> WebhookSecret.of(keys.open(s, Webhooks.place(webhookId))))
                        .map(secret -> secret.signature(messageId, seconds, body))
                        .collect(Collectors.joining(" ")));
        return headers;
    }

    /** Why an answer of this status isn't a receiver's yes; empty when it is. */
    static Optional<Problem> problem(int status) {
        if (status >= 200 && status < 300) {
            return Optional.empty();
        }
        if (status >= 300 && status < 400) {
            return Optional.of(new Problem(
                    "webhook.redirect",
                    "The receiver answered " + status + ", which leads elsewhere and isn't followed.",
                    "Give the webhook the address that it leads to."));
        }
        return Optional.of(new Problem(
                "webhook.status",
                "The receiver answered " + status + ".",
                "Look at the receiver's log; it must answer 2xx to what it takes."));
    }

    /** Without an exception's own words where these could tell the address, which may have a secret in it. */
    private static Problem problem(IOException e) {
        return switch (e) {
            case SocketTimeoutException _ ->
                new Problem(
                        "webhook.timeout",
                        "The receiver didn't answer within " + TIME_LIMIT.toSeconds() + " s.",
                        "Have it answer first and do its work after.");
            case UnknownHostException _ ->
                new Problem(
                        "webhook.host-unknown",
                        "The receiver's host has no address.",
                        "Correct the webhook's address, or the host's entry in the DNS.");
            case SSLException tls ->
                new Problem(
                        "webhook.tls",
                        "The receiver's certificate or TLS isn't good: " + Text.shortened(tls.getMessage() + "", 200)
                                + ".",
                        "Give it a certificate of a public authority, or have the installation trust its own.");
            case ConnectException _ ->
                new Problem(
                        "webhook.unreachable",
                        "The receiver can't be connected to.",
                        "See that it runs and that nothing is in the way.");
            default ->
                new Problem(
                        "webhook.connection",
                        "The connection to the receiver broke before it answered.",
                        "Look at the receiver's log.");
        };
    }
}
