package io.skerry.content.registry;

import io.skerry.content.oci.ImageReference;
import io.skerry.spec.ProblemException;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Sends a request and follows where the answers lead, a few times. What authorizes us is never shown to another host than the
 * one it was meant for, and a request that began under TLS stays under it.
 */
final class Redirects {
    private static final int MOST = 5;
    private static final Duration TIME_LIMIT = Duration.ofSeconds(60);

    private final HttpTransport transport;
    private final boolean plainHttp;

    Redirects(HttpTransport transport, boolean plainHttp) {
        this.transport = transport;
        this.plainHttp = plainHttp;
    }

    HttpAnswer get(ImageReference reference, URI uri, Map<String, String> headers) throws IOException {
        return send("GET", reference, uri, headers);
    }

    HttpAnswer send(String method, ImageReference reference, URI start, Map<String, String> headers)
            throws IOException {
        Map<String, String> now = new HashMap<>(headers);
        URI uri = start;
        for (int followed = 0; ; followed++) {
            HttpAnswer answer = transport.send(new HttpAsk(method, uri, now, TIME_LIMIT));
            Optional<String> location = answer.header("Location");
            if (!isRedirect(answer.status()) || location.isEmpty()) {
                return answer;
            }
            Bodies.discard(answer);
            if (followed == MOST) {
                throw RegistryProblems.malformed(reference, "it redirects more than " + MOST + " times");
            }
            URI next = resolved(reference, uri, location.get());
            if (!sameHost(uri, next)) {
                now.remove("Authorization");
            }
            uri = next;
        }
    }

    /** @throws ProblemException {@code registry.answer-malformed} when a registry may not send us there */
    void check(ImageReference reference, URI uri) {
        boolean http = "http".equals(uri.getScheme());
        if ((!http && !"https".equals(uri.getScheme())) || uri.getHost() == null || uri.getUserInfo() != null) {
            throw RegistryProblems.malformed(reference, "it sends us to what is not a web address");
        }
        if (http && !plainHttp) {
            throw RegistryProblems.malformed(reference, "it sends us to " + uri.getHost() + " without TLS");
        }
    }

    private URI resolved(ImageReference reference, URI from, String location) {
        URI next;
        try {
            next = from.resolve(location);
        } catch (IllegalArgumentException e) {
            throw RegistryProblems.malformed(reference, "it redirects to what is not a web address");
        }
        check(reference, next);
        return next;
    }

    private static boolean sameHost(URI a, URI b) {
        return a.getHost().equalsIgnoreCase(b.getHost())
                && port(a) == port(b)
                && a.getScheme().equals(b.getScheme());
    }

    private static int port(URI uri) {
        return uri.getPort() >= 0 ? uri.getPort() : uri.getScheme().equals("http") ? 80 : 443;
    }

    private static boolean isRedirect(int status) {
        return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
    }
}
