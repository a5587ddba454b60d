package io.skerry.cloud.web;

import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** Answers the requests of one path, on a virtual thread of its own. */
@FunctionalInterface
public interface Endpoint {
    /**
     * Answers, now or later; the callback is completed when the answer is sent. What it throws before it began to answer
     * becomes the answer.
     *
     * @throws HttpProblem answered with its status
     * @throws io.skerry.spec.ProblemException answered with 400
     */
    void answer(Request request, Response response, Callback callback) throws Exception;
}
