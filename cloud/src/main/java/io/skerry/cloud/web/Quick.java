package io.skerry.cloud.web;

import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** Takes what can be answered at once, or later without a thread. */
@FunctionalInterface
public interface Quick {
    /** Takes nothing. */
    Quick NONE = (request, response, callback) -> false;

    /**
     * Whether it has taken the request; must not block.
     *
     * @throws HttpProblem answered with its status
     */
    boolean takes(Request request, Response response, Callback callback);
}
