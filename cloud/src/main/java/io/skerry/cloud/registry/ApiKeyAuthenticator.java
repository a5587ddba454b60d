package io.skerry.cloud.registry;

import io.skerry.cloud.tenancy.ApiKeys;
import io.skerry.cloud.tenancy.Caller;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;

/** Operators: an API key as the password of any user, as OCI clients send it, or as in the fleet API. */
public final class ApiKeyAuthenticator implements ReaderAuthenticator {
    private static final String BASIC = "basic ";
    private static final int LONGEST = 4096;

    private final ApiKeys keys;

    public ApiKeyAuthenticator(ApiKeys keys) {
        this.keys = keys;
    }

    @Override
    public Optional<Reader> reader(Request request) {
        return Optional.ofNullable(request.getHeaders().get(HttpHeader.AUTHORIZATION))
                .filter(header -> header.length() <= LONGEST)
                .flatMap(this::caller)
                .map(Reader.Operator::new);
    }

    private Optional<Caller> caller(String header) {
        if (!header.regionMatches(true, 0, BASIC, 0, BASIC.length())) {
            return keys.authenticate(header);
        }
        try {
            byte[] decoded =
                    Base64.getDecoder().decode(header.substring(BASIC.length()).strip());
            String pair = new String(decoded, StandardCharsets.UTF_8);
            int colon = pair.indexOf(':');
            return colon < 0 ? Optional.empty() : keys.callerOf(pair.substring(colon + 1));
        } catch (IllegalArgumentException e) {
            // Not base64, so nobody that is known here.
            return Optional.empty();
        }
    }

    @Override
    public Optional<String> challenge() {
        return Optional.of("Basic realm=\"skerry\", charset=\"UTF-8\"");
    }
}
