package io.skerry.content.registry;

import java.io.IOException;

/** Sends HTTP requests; who may be reached and by what trust is its own matter. Safe for use by several threads. */
public interface HttpTransport {
    /**
     * Sends a request and waits for the answer's headers. Follows no redirect.
     *
     * @throws IOException when no answer comes; an {@link java.io.InterruptedIOException} when the thread was interrupted
     * @throws io.skerry.spec.ProblemException when the transport refuses to go there
     */
    HttpAnswer send(HttpAsk ask) throws IOException;
}
