package io.skerry.content.registry;

import java.net.URI;
import java.time.Duration;
import java.util.Map;

/**
 * One HTTP request without a body.
 *
 * @param method {@code GET} or {@code HEAD}
 * @param uri absolute, http or https
 * @param headers may hold a secret
 * @param timeLimit until the answer's headers are here, and for each wait for more of its body
 */
public record HttpAsk(String method, URI uri, Map<String, String> headers, Duration timeLimit) {
    public HttpAsk {
        headers = Map.copyOf(headers);
    }

    @Override
    public String toString() {
        return method + " " + uri.getScheme() + "://" + uri.getAuthority() + uri.getPath();
    }
}
