package io.skerry.cloud.web;

import io.skerry.cloud.tenancy.ApiKeys;
import io.skerry.cloud.tenancy.Caller;
import io.skerry.spec.Problem;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;

/** Who calls on the operators' port. */
public final class Operators {
    private final ApiKeys keys;

    public Operators(ApiKeys keys) {
        this.keys = keys;
    }

    /** @throws HttpProblem 401 {@code api-key.missing}, {@code api-key.refused} */
    public Caller caller(Request request) {
        @Nullable String header = request.getHeaders().get(HttpHeader.AUTHORIZATION);
        if (header == null) {
            throw new HttpProblem(
                    401,
                    new Problem(
                            "api-key.missing",
                            "The request has no API key.",
                            "Send the header 'authorization: apikey <key>'."));
        }
        return keys.authenticate(header)
                .orElseThrow(() -> new HttpProblem(
                        401,
                        new Problem(
                                "api-key.refused",
                                "The request's API key isn't one of this control plane's, or was revoked.",
                                "Check that the whole key was copied; it begins with skk_.")));
    }
}
