package io.skerry.cloud.web;

import io.skerry.spec.Problem;
import io.skerry.spec.ProblemException;
import io.skerry.spec.Text;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The root of a port: gives each request to whom its path belongs.
 *
 * <p>A request that the {@link Quick} one takes is answered on the selector's own thread, without any dispatch; all others on
 * a virtual thread each, up to a limit, above which they are turned away with 503.
 */
final class Router extends Handler.Abstract.NonBlocking {
    private static final Logger LOG = LoggerFactory.getLogger(Router.class);

    private final Quick quick;
    private final List<Route> routes;
    private final Executor executor;

    Router(Quick quick, List<Route> routes, Executor executor) {
        this.quick = quick;
        this.routes = List.copyOf(routes);
        this.executor = executor;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        harden(response);
        try {
            if (quick.takes(request, response, callback)) {
                return true;
            }
        } catch (RuntimeException e) {
            Bodies.leaveAvailable(request, response);
            answer(e, request, response, callback);
            return true;
        }
        try {
            executor.execute(() -> dispatched(request, response, callback));
        } catch (RejectedExecutionException e) {
            Bodies.leaveAvailable(request, response);
            response.getHeaders().put(HttpHeader.RETRY_AFTER, "5");
            Answers.problem(
                    response,
                    callback,
                    503,
                    new Problem("server.busy", "The control plane has too much to do.", "Try again in some seconds."));
        }
        return true;
    }

    private void dispatched(Request request, Response response, Callback callback) {
        try {
            route(request, response).answer(request, response, callback);
        } catch (Throwable e) {
            if (!response.isCommitted()) {
                Bodies.leave(request, response);
            }
            answer(e, request, response, callback);
        }
    }

    private Endpoint route(Request request, Response response) {
        String path = Request.getPathInContext(request);
        Optional<Route> route = routes.stream().filter(r -> r.takes(path)).findFirst();
        if (route.isEmpty()) {
            throw new HttpProblem(
                    404,
                    new Problem(
                            "path.unknown",
                            "There is nothing at " + Text.shortened(path, 120) + " on this port.",
                            "Check the address and the port."));
        }
        if (!route.get().allows(request.getMethod())) {
            response.getHeaders()
                    .put(HttpHeader.ALLOW, String.join(", ", route.get().methods()));
            throw new HttpProblem(
                    405,
                    new Problem(
                            "method.unknown",
                            Text.shortened(request.getMethod(), 20) + " can't be done with " + Text.shortened(path, 120)
                                    + ".",
                            "Use " + String.join(" or ", route.get().methods()) + "."));
        }
        return route.get().endpoint();
    }

    private static void harden(Response response) {
        response.getHeaders()
                .put("X-Content-Type-Options", "nosniff")
                .put("Strict-Transport-Security", "max-age=31536000")
                .put("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
    }

    private static void answer(Throwable thrown, Request request, Response response, Callback callback) {
        if (response.isCommitted()) {
            callback.failed(thrown);
            return;
        }
        switch (thrown) {
            case HttpProblem p -> Answers.problem(response, callback, p.status(), p.problem());
            case ProblemException p -> Answers.problem(response, callback, status(p.code()), p.problem());
            case HttpException h ->
                Answers.problem(
                        response,
                        callback,
                        h.getCode(),
                        new Problem("request.malformed", "The request can't be understood.", "Check how it was made."));
            default -> {
                String id = UUID.randomUUID().toString().substring(0, 8);
                LOG.error(
                        "Request {} {} failed ({}).",
                        request.getMethod(),
                        Text.shortened(Request.getPathInContext(request), 120),
                        id,
                        thrown);
                Answers.problem(
                        response,
                        callback,
                        500,
                        new Problem(
                                "internal",
                                "Something went wrong in the control plane.",
                                "Look for " + id + " in its log."));
            }
        }
    }

    private static int status(String code) {
        return switch (code) {
            case "request.too-large" -> 413;
            case "disk.full" -> 507;
            case "storage.unavailable", "storage.busy", "storage.outcome-unknown" -> 503;
            default -> 400;
        };
    }
}
