package io.skerry.content.registry;

import java.io.IOException;
import java.time.Duration;
import javax.net.ssl.SSLContext;

/** Goes over {@code java.net.http}: HTTP/1.1 and 2, with connections kept. */
public final class JdkHttpTransport implements HttpTransport, AutoCloseable {
    /**
     * @param tls whom it trusts and as whom it shows itself
     * @param connectLimit until a connection stands
     */
    @SuppressWarnings({"UnusedVariable", "DoNotCallSuggester"})
    public JdkHttpTransport(SSLContext tls, Duration connectLimit) {}

    @Override
    public HttpAnswer send(HttpAsk ask) throws IOException {
        throw new UnsupportedOperationException();
    }

    /** Ends what is under way and gives up kept connections. */
    @Override
    public void close() {}
}
