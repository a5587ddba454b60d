package io.skerry.cloud.login;

import com.nimbusds.jose.util.Resource;
import com.nimbusds.jose.util.ResourceRetriever;
import com.nimbusds.oauth2.sdk.ParseException;
import com.nimbusds.oauth2.sdk.http.HTTPRequest;
import com.nimbusds.oauth2.sdk.http.HTTPRequestSender;
import com.nimbusds.oauth2.sdk.http.HTTPResponse;
import com.nimbusds.oauth2.sdk.http.ReadOnlyHTTPRequest;
import com.nimbusds.oauth2.sdk.http.ReadOnlyHTTPResponse;
import io.skerry.cloud.egress.Calls;
import io.skerry.cloud.egress.EgressAnswer;
import io.skerry.cloud.egress.EgressGet;
import io.skerry.cloud.egress.EgressPost;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Has the library's calls made by the house's own transport: within a time, within a size, and only to where the provider may be. */
final class ProviderCalls implements HTTPRequestSender, ResourceRetriever {
    static final Duration TIME_LIMIT = Duration.ofSeconds(10);
    /** Of an answer. Tokens of people in very many groups are far below it. */
    static final int LARGEST = 512 << 10;

    private static final String FORM = "application/x-www-form-urlencoded";

    private final Calls calls;
    private final ProviderSettings settings;

    ProviderCalls(Calls calls, ProviderSettings settings) {
        this.calls = calls;
        this.settings = settings;
    }

    @Override
    public ReadOnlyHTTPResponse send(ReadOnlyHTTPRequest request) throws IOException {
        Map<String, String> headers = new LinkedHashMap<>();
        request.getHeaderMap().forEach((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), values.getFirst()));
        headers.put("accept", "application/json");
        headers.remove("content-type");
        URI uri = allowed(request.getURI());
        EgressAnswer answer = request.getMethod() == HTTPRequest.Method.POST
                ? calls.post(new EgressPost(
                        uri,
                        headers,
                        FORM,
                        Optional.ofNullable(request.getBody()).orElse("").getBytes(StandardCharsets.UTF_8),
                        TIME_LIMIT,
                        LARGEST + 1))
                : calls.get(new EgressGet(uri, headers, TIME_LIMIT, LARGEST + 1));
        var response = new HTTPResponse(answer.status());
        try {
            // Whatever it is called, it is read as JSON or not at all.
            response.setContentType("application/json");
        } catch (ParseException e) {
            throw new IllegalStateException("a media type that is well-formed", e);
        }
        response.setBody(text(answer));
        return response;
    }

    @Override
    public Resource retrieveResource(URL url) throws IOException {
        try {
            return new Resource(fetched(url.toURI()), "application/json");
        } catch (URISyntaxException e) {
            throw new IOException("the address of the provider's keys isn't one", e);
        }
    }

    /** @throws IOException also when the answer isn't 200 */
    String fetched(URI uri) throws IOException {
        EgressAnswer answer =
                calls.get(new EgressGet(allowed(uri), Map.of("accept", "application/json"), TIME_LIMIT, LARGEST + 1));
        if (answer.status() != 200) {
            throw new IOException("the provider answered " + answer.status());
        }
        return text(answer);
    }

    private URI allowed(URI uri) throws IOException {
        if (!settings.mayBeAt(uri)) {
            throw new IOException("the provider names an address without TLS");
        }
        return uri;
    }

    private static String text(EgressAnswer answer) throws IOException {
        if (answer.firstBytes().length > LARGEST) {
            throw new IOException("the provider's answer is longer than " + LARGEST + " bytes");
        }
        return new String(answer.firstBytes(), StandardCharsets.UTF_8);
    }
}
