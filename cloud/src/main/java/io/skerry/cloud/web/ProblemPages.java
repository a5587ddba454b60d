package io.skerry.cloud.web;

import io.skerry.spec.Problem;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;

/** What the server itself refuses (a malformed request, a failed handler) reads like everything else that is refused. */
final class ProblemPages extends ErrorHandler {
    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        int status = response.getStatus();
        Answers.problem(
                response,
                callback,
                status,
                status >= 500
                        ? new Problem("internal", "Something went wrong in the control plane.", "Look into its log.")
                        : new Problem(
                                "request.malformed",
                                "The request can't be answered: " + HttpStatus.getMessage(status) + ".",
                                "Check how it was made."));
        return true;
    }
}
