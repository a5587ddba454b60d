package io.skerry.cloud.egress;

import java.net.URI;
import java.time.Duration;
import java.util.Map;

/**
 * One HTTP GET of something small.
 *
 * @param uri absolute, http or https
 * @param headers may hold a secret
 * @param timeLimit of the whole call
 * @param mostAnswered how many bytes of the answer are wanted
 */
public record EgressGet(URI uri, Map<String, String> headers, Duration timeLimit, int mostAnswered) {
    public EgressGet {
        headers = Map.copyOf(headers);
    }

    @Override
    public String toString() {
        return "GET " + uri.getScheme() + "://" + uri.getAuthority();
    }
}
