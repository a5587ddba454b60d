package io.skerry.cloud.web;

import io.skerry.spec.Problem;
import io.skerry.spec.Text;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedKeyManager;
import org.eclipse.jetty.alpn.server.ALPNServerConnectionFactory;
import org.eclipse.jetty.http2.server.HTTP2ServerConnectionFactory;
import org.eclipse.jetty.server.AcceptRateLimit;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An HTTPS server at one port, on one address or several. */
public final class SecurePort implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SecurePort.class);

    private static final int SELECTORS = 2;
    private static final int MOST_THREADS = 24;
    private static final int HEADER_BYTES = 16 * 1024;

    private final Server server;
    private final Listener listener;
    private final WebLimits limits;
    private final SSLContext context;
    private final boolean wantsClientCertificate;
    private int port;

    private SecurePort(
            String name, Listener listener, WebLimits limits, SSLContext context, boolean wantsClientCertificate) {
        this.listener = listener;
        this.limits = limits;
        this.context = context;
        this.wantsClientCertificate = wantsClientCertificate;
        var threads = new QueuedThreadPool(MOST_THREADS, 4);
        threads.setName(name);
        // What blocks after all (a WebSocket's listener) runs there, and can't starve the selectors.
        threads.setVirtualThreadsExecutor(Executors.newThreadPerTaskExecutor(
                Thread.ofVirtual().name(name + "-virtual-", 0).factory()));
        server = new Server(threads);
        server.setErrorHandler(new ProblemPages());
        server.setStopTimeout(2_000);
    }

    /** Operators' port: clients show API keys, not certificates. */
    public static SecurePort forOperators(Listener listener, WebLimits limits, X509ExtendedKeyManager keys) {
        return new SecurePort("operators", listener, limits, context(keys, null), false);
    }

    /** Devices' port: a client may show a certificate, which the requests' handlers judge. */
    static SecurePort forDevices(Listener listener, WebLimits limits, X509ExtendedKeyManager keys, DeviceTrust trust) {
        return new SecurePort("devices", listener, limits, context(keys, trust), true);
    }

    private static SSLContext context(X509ExtendedKeyManager keys, @Nullable TrustManager trust) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(new KeyManager[] {keys}, trust == null ? null : new TrustManager[] {trust}, null);
            // For sessions kept at the server; those in tickets are bounded by their own life.
            context.getServerSessionContext().setSessionCacheSize(20_000);
            context.getServerSessionContext().setSessionTimeout((int) TimeUnit.HOURS.toSeconds(24));
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has TLS", e);
        }
    }

    Server server() {
        return server;
    }

    /** The port in use, once started. */
    public int port() {
        return port;
    }

    /**
     * Begins to listen and to answer.
     *
     * @throws io.skerry.spec.ProblemException {@code port.in-use}, {@code port.unavailable}
     */
    void start(Router router) {
        server.setHandler(router);
        port = listener.port();
        try {
            for (String address : listener.addresses()) {
                ServerConnector connector = connector(address, port);
                open(connector, address);
                // With any free port asked for, the first address finds it and the others take the same.
                port = connector.getLocalPort();
                server.addConnector(connector);
            }
            var connectors = server.getConnectors();
            server.addBean(new NetworkConnectionLimit(limits.connections(), connectors));
            server.addBean(new AcceptRateLimit(limits.acceptsPerSecond(), 1, TimeUnit.SECONDS, connectors));
            server.start();
        } catch (RuntimeException e) {
            stopAfter(e);
            throw e;
        } catch (Exception e) {
            stopAfter(e);
            throw new IllegalStateException("the server at port " + port + " doesn't start", e);
        }
    }

    private void stopAfter(Exception because) {
        try {
            close();
        } catch (RuntimeException e) {
            because.addSuppressed(e);
        }
    }

    private void open(ServerConnector connector, String address) {
        try {
            connector.open();
        } catch (IOException e) {
            connector.close();
            if (e instanceof java.net.BindException || e.getCause() instanceof java.net.BindException) {
                throw new Problem(
                                "port.in-use",
                                "Port " + port + " on " + address + " can't be listened on: "
                                        + Text.shortened(String.valueOf(rootMessage(e)), 100) + ".",
                                "Stop what listens there, or choose another port with " + listener.option() + ".")
                        .asException(e);
            }
            throw new Problem(
                            "port.unavailable",
                            "Port " + port + " on " + address + " can't be listened on: "
                                    + Text.shortened(String.valueOf(rootMessage(e)), 100) + ".",
                            "Check the address, or choose another port with " + listener.option() + ".")
                    .asException(e);
        }
    }

    private static @Nullable String rootMessage(Throwable e) {
        return e.getCause() == null ? e.getMessage() : rootMessage(e.getCause());
    }

    private ServerConnector connector(String address, int at) {
        var config = new HttpConfiguration();
        config.setSendServerVersion(false);
        config.setSendDateHeader(true);
        config.setRequestHeaderSize(HEADER_BYTES);
        config.addCustomizer(new SecureRequestCustomizer(false));
        var tls = new SslContextFactory.Server();
        tls.setSslContext(context);
        tls.setWantClientAuth(wantsClientCertificate);
        tls.setIncludeProtocols("TLSv1.3", "TLSv1.2");
        var connector = new ServerConnector(server, null, null, null, 1, SELECTORS, factories(config, tls));
        connector.setHost(address);
        connector.setPort(at);
        connector.setIdleTimeout(TimeUnit.SECONDS.toMillis(limits.idleSeconds()));
        connector.setAcceptQueueSize(1024);
        connector.setReuseAddress(true);
        return connector;
    }

    private ConnectionFactory[] factories(HttpConfiguration config, SslContextFactory.Server tls) {
        var http = new HttpConnectionFactory(config);
        if (wantsClientCertificate) {
            // One connection a device: HTTP/1.1 costs less, and WebSockets need it.
            return List.of(new SslConnectionFactory(tls, http.getProtocol()), http)
                    .toArray(ConnectionFactory[]::new);
        }
        var http2 = new HTTP2ServerConnectionFactory(config);
        http2.setMaxConcurrentStreams(64);
        // Browsers that are told of WebSockets within HTTP/2 ask for them there, where nobody answers; else they open
        // HTTP/1.1.
        http2.setConnectProtocolEnabled(false);
        var alpn = new ALPNServerConnectionFactory();
        alpn.setDefaultProtocol(http.getProtocol());
        return List.of(new SslConnectionFactory(tls, alpn.getProtocol()), alpn, http2, http)
                .toArray(ConnectionFactory[]::new);
    }

    @Override
    public void close() {
        try {
            server.stop();
        } catch (TimeoutException e) {
            // Devices wait on their polls for minutes: it has stopped all the same, and they ask again.
            LOG.debug("The server at port {} did not wait for all its requests.", port, e);
        } catch (Exception e) {
            throw new IllegalStateException("the server at port " + port + " doesn't stop", e);
        }
    }
}
