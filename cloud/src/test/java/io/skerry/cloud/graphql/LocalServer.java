package io.skerry.cloud.graphql;

import io.skerry.cloud.registry.ReaderAuthenticator;
import io.skerry.cloud.registry.RegistryHandler;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.concurrent.Executors;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eclipse.jetty.websocket.server.ServerWebSocketContainer;

/** The API and the registry over plain HTTP on a port of their own. */
public final class LocalServer implements AutoCloseable {
    private final Server server;
    private final int port;

    public LocalServer(FleetFixture fleet, ReaderAuthenticator readers) throws Exception {
        this(fleet, readers, Duration.ofMinutes(1));
    }

    /** @param idle how long a connection may be without anything that is read or written */
    LocalServer(FleetFixture fleet, ReaderAuthenticator readers, Duration idle) throws Exception {
        var threads = new QueuedThreadPool();
        threads.setVirtualThreadsExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server = new Server(threads);
        var connector = new ServerConnector(server);
        connector.setHost("127.0.0.1");
        connector.setIdleTimeout(idle.toMillis());
        server.addConnector(connector);
        var graphQl = new GraphQlHandler(
                fleet.api,
                fleet.keys,
                fleet.calls,
                new SecureRandom(),
                ServerWebSocketContainer.ensure(server),
                fleet.watch);
        var registry = new RegistryHandler(fleet.images, fleet.blobs, readers);
        server.setHandler(new Handler.Abstract() {
            @Override
            public boolean handle(Request request, Response response, Callback callback) {
                return Request.getPathInContext(request).startsWith("/v2")
                        ? registry.handle(request, response, callback)
                        : graphQl.handle(request, response, callback);
            }
        });
        server.start();
        port = connector.getLocalPort();
    }

    /** How many WebSockets are open. */
    int webSockets() {
        return ServerWebSocketContainer.ensure(server).getOpenSessions().size();
    }

    public int port() {
        return port;
    }

    public URI at(String path) {
        return URI.create("http://127.0.0.1:" + port + path);
    }

    @Override
    public void close() {
        try {
            server.stop();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
