package io.skerry.cloud;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** A dumb load balancer: each connection goes to the next port that takes it. */
final class RoundRobin implements AutoCloseable {
    private final List<Integer> ports;
    private final AtomicInteger next = new AtomicInteger();
    private final ServerSocket door;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    RoundRobin(Integer... ports) {
        this.ports = List.of(ports);
        try {
            door = new ServerSocket(0, 100, InetAddress.ofLiteral("127.0.0.1"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        threads.execute(this::accept);
    }

    int port() {
        return door.getLocalPort();
    }

    private void accept() {
        while (!door.isClosed()) {
            try {
                Socket client = door.accept();
                threads.execute(() -> serve(client));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void serve(Socket client) {
        open.add(client);
        try (client;
                Socket server = connected()) {
            open.add(server);
            threads.execute(() -> copy(server, client));
            copy(client, server);
        } catch (IOException e) {
            // Nobody is there: the client finds its connection closed.
        } finally {
            open.remove(client);
        }
    }

    private Socket connected() throws IOException {
        IOException last = new IOException("no port");
        for (int i = 0; i < ports.size(); i++) {
            try {
                return new Socket(
                        InetAddress.ofLiteral("127.0.0.1"),
                        ports.get(Math.floorMod(next.getAndIncrement(), ports.size())));
            } catch (IOException e) {
                last = e;
            }
        }
        throw last;
    }

    private void copy(Socket from, Socket to) {
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            in.transferTo(out);
        } catch (IOException e) {
            // One side is gone, so both are.
        } finally {
            open.remove(from);
        }
    }

    @Override
    public void close() throws IOException {
        door.close();
        for (Socket socket : open) {
            socket.close();
        }
        threads.shutdownNow();
    }
}
