package io.skerry.cli.api;

import io.skerry.spec.Problem;
import io.skerry.spec.Text;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Set;

/**
 * The operators' address of a cloud.
 *
 * @param base scheme, host and port, without a path
 */
public record Endpoint(URI base) {
    private static final Set<String> LOOPBACK = Set.of("127.0.0.1", "localhost", "[::1]");

    /**
     * Reads what a person typed; a trailing {@code /} or {@code /graphql} is taken off.
     *
     * @throws io.skerry.spec.ProblemException {@code usage.url} unless it is an https address (or plain http to this very
     *     machine)
     */
    public static Endpoint parse(String text) {
        String typed = text.strip();
        URI uri;
        try {
            uri = new URI(typed.contains("://") ? typed : "https://" + typed);
        } catch (URISyntaxException e) {
            throw new Problem(
                            "usage.url",
                            "'" + Text.shortened(typed, 100) + "' is not an address of a cloud.",
                            "Write it like https://cloud.example:7443.")
                    .asException(e);
        }
        String scheme = uri.getScheme().toLowerCase(Locale.ROOT);
        String host = uri.getHost();
        if (host == null
                || uri.getUserInfo() != null
                || !Set.of("https", "http").contains(scheme)) {
            throw new Problem(
                            "usage.url",
                            "'" + Text.shortened(typed, 100) + "' is not an address of a cloud.",
                            "Write it like https://cloud.example:7443.")
                    .asException();
        }
        if (scheme.equals("http") && !LOOPBACK.contains(host)) {
            throw new Problem(
                            "usage.url",
                            "'" + Text.shortened(typed, 100) + "' would send your API key unencrypted.",
                            "Use https:// instead of http://.")
                    .asException();
        }
        String path = uri.getRawPath().replaceFirst("/+$", "");
        if (!path.isEmpty() && !path.equals("/graphql")) {
            throw new Problem(
                            "usage.url",
                            "'" + Text.shortened(typed, 100) + "' has a path, but a cloud has an address of its own.",
                            "Leave out '" + Text.shortened(path, 60) + "'.")
                    .asException();
        }
        return new Endpoint(URI.create(scheme + "://" + host + (uri.getPort() < 0 ? "" : ":" + uri.getPort())));
    }

    URI graphql() {
        return base.resolve("/graphql");
    }

    URI logs(String instanceId, boolean follow, int tail) {
        return base.resolve("/api/v1/logs/" + instanceId + "?follow=" + follow + "&tail=" + tail);
    }

    public int port() {
        return base.getPort() > 0 ? base.getPort() : base.getScheme().equals("https") ? 443 : 80;
    }

    @Override
    public String toString() {
        return base.toString();
    }
}
