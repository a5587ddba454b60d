package io.skerry.cloud.registry;

import java.util.Optional;
import org.eclipse.jetty.server.Request;

/** Tells who sent a request. */
@FunctionalInterface
public interface ReaderAuthenticator {
    /** Who it is; empty when the request doesn't show it. */
    Optional<Reader> reader(Request request);

    /** What a client is told of how to log in: the value of {@code WWW-Authenticate}; empty when there is no way here. */
    default Optional<String> challenge() {
        return Optional.empty();
    }
}
