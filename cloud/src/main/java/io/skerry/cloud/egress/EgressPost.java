package io.skerry.cloud.egress;

import java.net.URI;
import java.time.Duration;
import java.util.Map;

/**
 * One HTTP POST.
 *
 * @param uri absolute, http or https; its path may be a secret
 * @param timeLimit of the whole call
 * @param mostAnswered how many bytes of the answer are wanted
 */
@SuppressWarnings("ArrayRecordComponent") // handed on at once, never compared
public record EgressPost(
        URI uri, Map<String, String> headers, String contentType, byte[] body, Duration timeLimit, int mostAnswered) {
    public EgressPost {
        headers = Map.copyOf(headers);
    }

    @Override
    public String toString() {
        return "POST " + uri.getScheme() + "://" + uri.getAuthority();
    }
}
