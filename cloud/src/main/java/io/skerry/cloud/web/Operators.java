package io.skerry.cloud.web;

import io.skerry.cloud.tenancy.ApiKeys;
import io.skerry.cloud.tenancy.Caller;
import io.skerry.cloud.tenancy.Role;
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

    /**
     * As {@link #caller(Request)}, if it has this role.
     *
     * @param doing what it wants to do, for the message
     * @throws HttpProblem 403 {@code authorization.role}
     */
    public Caller caller(Request request, Role role, String doing) {
        Caller caller = caller(request);
        caller.lacks(role, doing).ifPresent(problem -> {
            throw new HttpProblem(403, problem);
        });
        return caller;
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
                                "The request's API key isn't one of this control plane's, or was revoked, or has expired.",
                                "Check that the whole key was copied; it begins with skk_.")));
    }
}
