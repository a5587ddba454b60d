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
import java.util.function.LongSupplier;

/** The way to a server, on which connections may end after some bytes. */
public final class ShortWire implements AutoCloseable {
    private final int to;
    private final ServerSocket door = new ServerSocket(0, 50, InetAddress.ofLiteral("127.0.0.1"));
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger cut = new AtomicInteger();
    private volatile boolean once;
    private volatile long mostSent = Long.MAX_VALUE;
    private volatile long mostAnswered = Long.MAX_VALUE;

    public ShortWire(int to) throws IOException {
        this.to = to;
        threads.execute(this::accept);
    }

    public int port() {
        return door.getLocalPort();
    }

    /** Each connection ends after so many bytes from the server. */
    void answerAtMost(long bytes) {
        mostAnswered = bytes;
    }

    /** Each connection ends after so many bytes to the server. */
    void sendAtMost(long bytes) {
        mostSent = bytes;
    }

    /** Ends all connections. The first new one that gets so many bytes from the server ends too, and then no answer comes any more. */
    public void answerOnceAtMost(long bytes) throws IOException {
        once = true;
        mostAnswered = bytes;
        for (Socket socket : open) {
            socket.close();
        }
    }

    /** All answers come through again. */
    public void mend() {
        once = false;
        mostAnswered = Long.MAX_VALUE;
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
            threads.execute(() -> pass(server, client, () -> mostAnswered));
            pass(client, server, () -> mostSent);
        } catch (IOException e) {
            // One of them is gone, and with it both.
        } finally {
            open.remove(client);
        }
    }

    private void pass(Socket from, Socket to, LongSupplier limit) {
        byte[] buffer = new byte[16 * 1024];
        long passed = 0;
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                long most = limit.getAsLong();
                out.write(buffer, 0, Math.toIntExact(Math.clamp(most - passed, 0, n)));
                passed += n;
                if (passed >= most) {
                    cut.incrementAndGet();
                    if (once) {
                        mostAnswered = 0;
                    }
                    return;
                }
            }
        } catch (IOException e) {
            // The other way's end has closed both.
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
        threads.close();
    }
}
