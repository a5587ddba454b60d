package io.skerry.content.registry;

import io.skerry.content.oci.ImageReference;
import io.skerry.spec.ProblemException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.channels.ClosedByInterruptException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLPeerUnverifiedException;

/** Asks a registry for things, as whoever it wants to be asked by, again when it is worth it. */
final class RegistrySession {
    /** What is done with an answer of status 200, 206 or 416. */
    interface Reading<T> {
        /** @throws IOException when the connection is lost; then the whole is asked for again */
        T read(HttpAnswer answer) throws IOException;
    }

    /** What is asked for. The headers are made anew for each try, because a resumed fetch has come further. */
    interface Ask {
        Map<String, String> headers();
    }

    private final Redirects http;
    private final Authorization authorization;
    private final RegistryAccess access;
    private final Retries retries;

    RegistrySession(HttpTransport transport, RegistryAccess access, Retries retries) {
        this.http = new Redirects(transport, access.plainHttp());
        this.access = access;
        this.retries = retries;
        this.authorization = new Authorization(http, access, retries);
    }

    /**
     * @param path within the repository: {@code manifests/<reference>}
     * @param what the thing is called in a message: "image"
     * @param progress how far it has come; tries that came further than the one before aren't counted
     */
    <T> T ask(
            String method,
            ImageReference reference,
            String path,
            String what,
            Ask ask,
            LongSupplier progress,
            Reading<T> reading) {
        URI uri = URI.create((access.plainHttp() ? "http" : "https") + "://" + reference.authority() + "/v2/"
                + reference.repository() + "/" + path);
        int failures = 0;
        while (true) {
            long before = progress.getAsLong();
            try (HttpAnswer answer = authorized(method, reference, uri, ask.headers())) {
                check(reference, what, answer);
                return reading.read(answer);
            } catch (SocketTimeoutException e) {
                // By its type an interruption, by its meaning none.
                failures = waited(reference, progress.getAsLong() > before ? 0 : failures, e);
            } catch (InterruptedIOException | ClosedByInterruptException e) {
                throw RegistryProblems.interrupted(reference, e);
            } catch (IOException e) {
                failures = waited(reference, progress.getAsLong() > before ? 0 : failures, e);
            }
        }
    }

    /** Statuses that may be others in a moment. */
    static boolean isPassing(int status) {
        return status == 408 || status == 429 || status >= 500;
    }

    private int waited(ImageReference reference, int failuresBefore, IOException failure) {
        int failures = failuresBefore + 1;
        boolean hopeless = failure instanceof SSLHandshakeException || failure instanceof SSLPeerUnverifiedException;
        if (hopeless || !retries.allowed(failures)) {
            throw failure instanceof PassingFailure passing
                    ? RegistryProblems.failing(reference, passing.status())
                    : RegistryProblems.unreachable(reference, failure);
        }
        try {
            retries.pause(
                    failures, failure instanceof PassingFailure passing ? passing.retryAfter() : Optional.empty());
        } catch (InterruptedException e) {
            throw RegistryProblems.interrupted(reference, e);
        }
        return failures;
    }

    private HttpAnswer authorized(String method, ImageReference reference, URI uri, Map<String, String> headers)
            throws IOException {
        HttpAnswer first = http.send(method, reference, uri, with(headers, authorization.known(reference)));
        if (first.status() != 401) {
            return first;
        }
        Bodies.discard(first);
        String answer = authorization.answer(reference, first.all("WWW-Authenticate"));
        HttpAnswer second = http.send(method, reference, uri, with(headers, Optional.of(answer)));
        if (second.status() == 401) {
            second.close();
            throw RegistryProblems.unauthorized(reference, access.credentials(), 401);
        }
        return second;
    }

    /** @throws ProblemException for what won't be otherwise at another try */
    private void check(ImageReference reference, String what, HttpAnswer answer) throws PassingFailure {
        int status = answer.status();
        if (status == 200 || status == 206 || status == 416) {
            return;
        }
        if (isPassing(status)) {
            throw new PassingFailure(status, answer.header("Retry-After"));
        }
        throw switch (status) {
            case 401, 403 -> RegistryProblems.unauthorized(reference, access.credentials(), status);
            case 404 -> RegistryProblems.notFound(reference, what);
            default -> RegistryProblems.malformed(reference, "HTTP " + status);
        };
    }

    private static Map<String, String> with(Map<String, String> headers, Optional<String> authorization) {
        Map<String, String> all = new HashMap<>(headers);
        authorization.ifPresent(a -> all.put("Authorization", a));
        return all;
    }
}
