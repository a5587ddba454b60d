package io.skerry.cloud.blob;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** The way to a server, on which connections may end after some bytes. */
public final class ShortWire implements AutoCloseable {
    private final int to;
    private final ServerSocket door = new ServerSocket(0, 50, InetAddress.ofLiteral("127.0.0.1"));
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger cut = new AtomicInteger();
    private final Limit sent = new Limit();
    private final Limit answered = new Limit();

    public ShortWire(int to) throws IOException {
        this.to = to;
        threads.execute(this::accept);
    }

    public int port() {
        return door.getLocalPort();
    }

    /** Each connection ends after so many bytes from the server. */
    void answerAtMost(long bytes) {
        answered.set(bytes, false);
    }

    /** The first connection on which so many bytes go to the server ends, and then nothing gets there any more. */
    void sendOnceAtMost(long bytes) {
        sent.set(bytes, true);
    }

    /** Ends all connections. The first new one that gets so many bytes from the server ends too, and then no answer comes any more. */
    public void answerOnceAtMost(long bytes) throws IOException {
        answered.set(bytes, true);
        for (Socket socket : open) {
            socket.close();
        }
    }

    /** All comes through again. */
    public void mend() {
        sent.set(Long.MAX_VALUE, false);
        answered.set(Long.MAX_VALUE, false);
    }

    /** How many connections were ended so. */
    int cut() {
        return cut.get();
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
                var server = new Socket(InetAddress.ofLiteral("127.0.0.1"), to)) {
            open.add(server);
            threads.execute(() -> pass(server, client, answered));
            pass(client, server, sent);
        } catch (IOException e) {
            // One of them is gone, and with it both.
        } finally {
            open.remove(client);
        }
    }

    private void pass(Socket from, Socket to, Limit limit) {
        byte[] buffer = new byte[16 * 1024];
        long passed = 0;
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                long most = limit.most;
                out.write(buffer, 0, Math.toIntExact(Math.clamp(most - passed, 0, n)));
                passed += n;
                if (passed >= most) {
                    cut.incrementAndGet();
                    limit.reached();
                    return;
                }
            }
        } catch (IOException e) {
            // The other way's end has closed both.
        } finally {
            open.remove(from);
        }
    }

    /** How many bytes may pass on a connection. */
    private static final class Limit {
        private volatile long most = Long.MAX_VALUE;
        private volatile boolean once;

        void set(long bytes, boolean onlyOnce) {
            once = onlyOnce;
            most = bytes;
        }

        void reached() {
            if (once) {
                most = 0;
            }
        }
    }

    @Override
    public void close() throws IOException {
        door.close();
        for (Socket socket : open) {
            socket.close();
        }
        threads.close();
    }
}
