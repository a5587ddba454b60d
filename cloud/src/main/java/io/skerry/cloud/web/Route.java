package io.skerry.cloud.web;

import java.util.List;

/**
 * Who answers what.
 *
 * @param path the path itself, or when it ends with a slash all paths that begin with it
 * @param methods that it answers
 * @param endpoint who answers
 */
public record Route(String path, List<String> methods, Endpoint endpoint) {
    public Route {
        methods = List.copyOf(methods);
    }

    boolean takes(String asked) {
        return path.endsWith("/") ? asked.startsWith(path) : asked.equals(path);
    }
}
