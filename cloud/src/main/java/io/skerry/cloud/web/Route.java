package io.skerry.cloud.web;

import java.util.List;
import org.eclipse.jetty.server.Request;

/**
 * Who answers what.
 *
 * @param path the path itself, or when it ends with a slash all paths that begin with it
 * @param methods that it answers; empty: whatever comes
 * @param endpoint who answers
 */
public record Route(String path, List<String> methods, Endpoint endpoint) {
    public Route {
        methods = List.copyOf(methods);
    }

    /** All of a path for a handler that judges methods by itself and answers whatever comes. */
    public static Route all(String path, Request.Handler handler) {
        return new Route(path, List.of(), (request, response, callback) -> {
            if (!handler.handle(request, response, callback)) {
                throw new IllegalStateException("the handler of " + path + " doesn't answer");
            }
        });
    }

    boolean takes(String asked) {
        return path.endsWith("/") ? asked.startsWith(path) : asked.equals(path);
    }

    boolean allows(String method) {
        return methods.isEmpty() || methods.contains(method);
    }
}
