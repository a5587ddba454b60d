package io.skerry.cloud.blob;

import io.skerry.cloud.Relay;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicInteger;

/** The way to a server, on which connections may end after some bytes. */
public final class ShortWire implements AutoCloseable {
    private final AtomicInteger cut = new AtomicInteger();
    private final Limit sent = new Limit();
    private final Limit answered = new Limit();
    private final Relay relay;

    public ShortWire(int to) {
        relay = new Relay(
                () -> Relay.Destination.at(to),
                (client, server) -> pass(client, server, sent),
                (server, client) -> pass(server, client, answered));
    }

    public int port() {
        return relay.port();
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
    public void answerOnceAtMost(long bytes) {
        answered.set(bytes, true);
        relay.cut();
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

    private void pass(Socket from, Socket to, Limit limit) throws IOException {
        byte[] buffer = new byte[16 * 1024];
        long passed = 0;
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
        relay.close();
    }
}
