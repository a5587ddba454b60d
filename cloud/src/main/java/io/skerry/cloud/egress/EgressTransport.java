package io.skerry.cloud.egress;

import io.skerry.content.registry.HttpAnswer;
import io.skerry.content.registry.HttpAsk;
import io.skerry.content.registry.HttpTransport;
import io.skerry.spec.ProblemException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.eclipse.jetty.client.BytesRequestContent;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.client.InputStreamResponseListener;
import org.eclipse.jetty.client.Request;
import org.eclipse.jetty.client.Response;
import org.eclipse.jetty.client.transport.HttpClientTransportOverHTTP;
import org.eclipse.jetty.http.HttpCookieStore;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.io.ClientConnector;
import org.eclipse.jetty.util.Promise;
import org.eclipse.jetty.util.SocketAddressResolver;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/**
 * HTTP out of the cloud, to where an {@link EgressPolicy} allows it. A host is resolved once a connection: the addresses
 * that were judged are the ones that are connected to. Keeps no cookies, follows no redirects, decodes nothing.
 */
public final class EgressTransport implements HttpTransport, Calls, AutoCloseable {
    private static final Duration CONNECT_TIME_LIMIT = Duration.ofSeconds(15);
    private static final int MOST_THREADS = 8;

    private final EgressPolicy policy;
    private final HostLookup lookup;
    private final HttpClient client;

    /** How host names are turned into addresses. */
    @FunctionalInterface
    interface HostLookup {
        InetAddress[] addresses(String host) throws UnknownHostException;
    }

    /**
     * A started transport.
     *
     * @param trust whom it believes to be the hosts that they say they are
     */
    public EgressTransport(EgressPolicy policy, TrustedAuthorities trust) {
        this(policy, trust, InetAddress::getAllByName);
    }

    EgressTransport(EgressPolicy policy, TrustedAuthorities trust, HostLookup lookup) {
        this.policy = policy;
        this.lookup = lookup;
        this.client = client(trust);
        try {
            client.start();
        } catch (Exception e) {
            throw new IllegalStateException("the HTTP client of the cloud didn't start", e);
        }
    }

    private HttpClient client(TrustedAuthorities trust) {
        var tls = new SslContextFactory.Client();
        tls.setTrustStore(trust.keyStore());
        var connector = new ClientConnector();
        connector.setSslContextFactory(tls);
        connector.setConnectTimeout(CONNECT_TIME_LIMIT);
        var threads = new QueuedThreadPool(MOST_THREADS, 1);
        threads.setName("egress");
        threads.setDaemon(true);
        connector.setExecutor(threads);
        connector.setSelectors(1);
        var http = new HttpClient(new HttpClientTransportOverHTTP(connector));
        http.setExecutor(threads);
        http.setFollowRedirects(false);
        http.setUserAgentField(new HttpField("user-agent", "skerry"));
        http.setHttpCookieStore(new HttpCookieStore.Empty());
        http.setSocketAddressResolver(new Resolver());
        http.setMaxConnectionsPerDestination(16);
        return http;
    }

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // whether the abort came in time makes no difference
    public HttpAnswer send(HttpAsk ask) throws IOException {
        long millis = ask.timeLimit().toMillis();
        Request request = client.newRequest(ask.uri())
                .method(ask.method())
                .followRedirects(false)
                .idleTimeout(millis, TimeUnit.MILLISECONDS);
        // Jetty would ask for compressed bodies by itself, and blobs must come as they are.
        request.headers(headers -> headers.remove("accept-encoding"));
        ask.headers().forEach((name, value) -> request.headers(headers -> headers.put(name, value)));
        var listener = new InputStreamResponseListener();
        request.send(listener);
        try {
            Response response = listener.get(millis, TimeUnit.MILLISECONDS);
            return new HttpAnswer(response.getStatus(), headers(response), listener.getInputStream());
        } catch (InterruptedException e) {
            request.abort(e);
            Thread.currentThread().interrupt();
            throw initCause(new InterruptedIOException("interrupted while waiting for " + ask), e);
        } catch (TimeoutException e) {
            request.abort(e);
            throw initCause(new SocketTimeoutException("no answer from " + ask + " within " + millis + " ms"), e);
        } catch (ExecutionException e) {
            throw failure(ask, e);
        }
    }

    @Override
    public EgressAnswer post(EgressPost post) throws IOException {
        Request request = client.newRequest(post.uri())
                .method("POST")
                .body(new BytesRequestContent(post.contentType(), post.body()));
        return bounded(request, post.headers(), post.timeLimit(), post.mostAnswered(), post);
    }

    @Override
    public EgressAnswer get(EgressGet get) throws IOException {
        return bounded(
                client.newRequest(get.uri()).method("GET"), get.headers(), get.timeLimit(), get.mostAnswered(), get);
    }

    @SuppressWarnings("FutureReturnValueIgnored") // whether the abort came in time makes no difference
    private static EgressAnswer bounded(
            Request request, Map<String, String> named, Duration timeLimit, int mostAnswered, Object ask)
            throws IOException {
        long millis = timeLimit.toMillis();
        long end = System.nanoTime() + timeLimit.toNanos();
        request.followRedirects(false)
                .timeout(millis, TimeUnit.MILLISECONDS)
                .idleTimeout(millis, TimeUnit.MILLISECONDS);
        request.headers(headers -> headers.remove("accept-encoding"));
        named.forEach((name, value) -> request.headers(headers -> headers.put(name, value)));
        var listener = new InputStreamResponseListener();
        request.send(listener);
        try (InputStream body = listener.getInputStream()) {
            Response response = listener.get(Math.max(1, end - System.nanoTime()), TimeUnit.NANOSECONDS);
            return new EgressAnswer(response.getStatus(), firstOf(body, mostAnswered));
        } catch (InterruptedException e) {
            request.abort(e);
            Thread.currentThread().interrupt();
            throw initCause(new InterruptedIOException("interrupted while waiting for " + ask), e);
        } catch (TimeoutException e) {
            request.abort(e);
            throw initCause(new SocketTimeoutException("no answer from " + ask + " within " + millis + " ms"), e);
        } catch (ExecutionException e) {
            throw failure(ask, e);
        }
    }

    /** What the answer says at its beginning; one that stalls or breaks off after its status is an answer all the same. */
    private static byte[] firstOf(InputStream body, int most) {
        byte[] first = new byte[most];
        int read = 0;
        try {
            for (int n = 0; n >= 0 && read < most; n = body.read(first, read, most - read)) {
                read += n;
            }
        } catch (IOException _) {
            // Said above.
        }
        return Arrays.copyOf(first, read);
    }

    private static IOException failure(Object ask, ExecutionException failed) {
        for (Throwable cause = failed; cause != null; cause = cause.getCause()) {
            if (cause instanceof ProblemException problem) {
                throw problem;
            }
        }
        Throwable cause = failed.getCause();
        if (cause instanceof TimeoutException) {
            return initCause(new SocketTimeoutException("no answer from " + ask + " in time"), cause);
        }
        return cause instanceof IOException io ? io : new IOException("no answer from " + ask, failed);
    }

    private static <E extends IOException> E initCause(E exception, Throwable cause) {
        exception.initCause(cause);
        return exception;
    }

    private static Map<String, List<String>> headers(Response response) {
        return response.getHeaders().stream()
                .collect(Collectors.groupingBy(
                        HttpField::getLowerCaseName, Collectors.mapping(HttpField::getValue, Collectors.toList())));
    }

    @Override
    public void check(String host) {
        try {
            policy.allowed(host, Arrays.asList(lookup.addresses(host)));
        } catch (UnknownHostException _) {
            // It may be there tomorrow.
        }
    }

    @Override
    public boolean isPrivateAllowed() {
        return policy.privateAllowed();
    }

    @Override
    public void close() {
        try {
            client.stop();
        } catch (Exception e) {
            throw new IllegalStateException("the HTTP client of the cloud didn't stop", e);
        }
    }

    /** Gives only addresses that the policy allows; asked for host names and for written-out addresses alike. */
    private final class Resolver implements SocketAddressResolver {
        @Override
        public void resolve(
                String host, int port, Map<String, Object> context, Promise<List<InetSocketAddress>> promise) {
            // A look-up may block for long, and this may be called on one of the client's few threads.
            Thread.startVirtualThread(() -> {
                try {
                    promise.succeeded(policy.allowed(host, Arrays.asList(lookup.addresses(host))).stream()
                            .map(address -> new InetSocketAddress(address, port))
                            .toList());
                } catch (UnknownHostException | RuntimeException e) {
                    promise.failed(e);
                }
            });
        }
    }
}
