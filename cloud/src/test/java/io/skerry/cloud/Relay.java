package io.skerry.cloud;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A port of the loopback interface whose connections are passed on to a server; what happens to them on the way is the test's. */
public final class Relay implements AutoCloseable {
    private final Destination destination;
    private final Way requests;
    private final Way answers;
    private final ServerSocket door;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    /** Where a new connection goes; it is ended when this fails. */
    public interface Destination {
        Socket connected() throws IOException;

        static Socket at(int port) throws IOException {
            return new Socket(InetAddress.ofLiteral("127.0.0.1"), port);
        }
    }

    /** Passes on what comes in one direction; when it returns or fails, the connection ends. */
    public interface Way {
        /** All that comes, as it is. */
        Way ALL = (from, to) -> from.getInputStream().transferTo(to.getOutputStream());

        void pass(Socket from, Socket to) throws IOException;
    }

    public Relay(Destination destination, Way requests, Way answers) {
        this.destination = destination;
        this.requests = requests;
        this.answers = answers;
        try {
            door = new ServerSocket(0, 100, InetAddress.ofLiteral("127.0.0.1"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        threads.execute(this::accept);
    }

    public int port() {
        return door.getLocalPort();
    }

    /** Ends all connections that stand now. */
    public void cut() {
        open.forEach(Relay::closeQuietly);
    }

    private void accept() {
        while (!door.isClosed()) {
            try {
                Socket client = door.accept();
                open.add(client);
                threads.execute(() -> serve(client));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void serve(Socket client) {
        try (client;
                Socket server = destination.connected()) {
            open.add(server);
            threads.execute(() -> pass(answers, server, client));
            pass(requests, client, server);
            open.remove(server);
        } catch (IOException e) {
            // Nobody is there: the client finds its connection closed.
        } finally {
            open.remove(client);
        }
    }

    private static void pass(Way way, Socket from, Socket to) {
        try {
            way.pass(from, to);
        } catch (IOException e) {
            // One of them is gone, and with it both.
        } finally {
            closeQuietly(from);
            closeQuietly(to);
        }
    }

    private static void closeQuietly(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // It is of no use any more.
        }
    }

    @Override
    public void close() throws IOException {
        door.close();
        cut();
        threads.shutdownNow();
    }
}
