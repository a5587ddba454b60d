package io.skerry.content.registry;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLContext;

/** Goes over {@code java.net.http}: HTTP/1.1 and 2, with connections kept. */
public final class JdkHttpTransport implements HttpTransport, AutoCloseable {
    private final HttpClient client;

    /**
     * @param tls whom it trusts and as whom it shows itself
     * @param connectLimit until a connection stands
     */
    public JdkHttpTransport(SSLContext tls, Duration connectLimit) {
        this.client = HttpClient.newBuilder()
                .sslContext(tls)
                .connectTimeout(connectLimit)
                .followRedirects(HttpClient.Redirect.NEVER)
                .executor(Executors.newVirtualThreadPerTaskExecutor())
                .build();
    }

    /** Over a client that follows no redirects and serves others too; {@link #close} closes it. */
    public JdkHttpTransport(HttpClient client) {
        this.client = client;
    }

    @Override
    public HttpAnswer send(HttpAsk ask) throws IOException {
        HttpRequest.Builder request = HttpRequest.newBuilder(ask.uri())
                .method(ask.method(), BodyPublishers.noBody())
                .timeout(ask.timeLimit());
        if ("http".equals(ask.uri().getScheme())) {
            // Without TLS it would ask each time to go over to HTTP/2, which few servers know.
            request.version(HttpClient.Version.HTTP_1_1);
        }
        ask.headers().forEach(request::header);
        try {
            HttpResponse<InputStream> answer = client.send(request.build(), head -> new TimedBody(ask.timeLimit()));
            return new HttpAnswer(answer.statusCode(), answer.headers().map(), answer.body());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while waiting for an answer");
        }
    }

    /** Ends what is under way and gives up kept connections. */
    @Override
    public void close() {
        client.shutdownNow();
    }
}
