package io.skerry.cloud.storage;

import static org.awaitility.Awaitility.await;

import io.skerry.cloud.Relay;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;

/** The way to a database server, which can be cut at a chosen moment of a connection's first commit, or altogether. */
public final class CutWire implements AutoCloseable {
    public enum Cut {
        NEVER,
        /** The server never gets it. */
        BEFORE_COMMIT,
        /** The server has carried it out, and its answer never comes. */
        AFTER_COMMIT,
        /** As that, and none is let through from then on. */
        AFTER_COMMIT_AND_AWAY
    }

    private final Set<Socket> muted = ConcurrentHashMap.newKeySet();
    private final Set<Socket> answered = ConcurrentHashMap.newKeySet();
    private final AtomicReference<Cut> next = new AtomicReference<>(Cut.NEVER);
    private final Relay relay;
    private volatile boolean away;

    CutWire(int to) {
        relay = new Relay(
                () -> {
                    Socket server = Relay.Destination.at(to);
                    if (away) {
                        server.close();
                        throw new IOException("away");
                    }
                    return server;
                },
                this::requests,
                this::answers);
    }

    int port() {
        return relay.port();
    }

    /** What happens at the next commit that is a connection's first. */
    void cut(Cut cut) {
        next.set(cut);
    }

    /** Whether the cut has happened. */
    boolean isCut() {
        return next.get() == Cut.NEVER;
    }

    /** No connection stands, and none is let through until it is back. */
    public void away(boolean gone) {
        away = gone;
        if (gone) {
            relay.cut();
        }
    }

    private void requests(Socket client, Socket server) throws IOException {
        InputStream in = client.getInputStream();
        OutputStream out = server.getOutputStream();
        byte[] buffer = new byte[64 * 1024];
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
            byte[] sent = Arrays.copyOf(buffer, n);
            Cut cut = isCommit(sent) ? next.getAndSet(Cut.NEVER) : Cut.NEVER;
            if (cut == Cut.BEFORE_COMMIT) {
                return;
            }
            if (cut != Cut.NEVER) {
                // From here on nothing comes back; what the server answers shows that it is done.
                muted.add(server);
                out.write(sent);
                await().until(() -> answered.contains(server));
                away = cut == Cut.AFTER_COMMIT_AND_AWAY;
                return;
            }
            out.write(sent);
        }
    }

    private void answers(Socket server, Socket client) throws IOException {
        byte[] buffer = new byte[64 * 1024];
        InputStream in = server.getInputStream();
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
            if (muted.contains(server)) {
                answered.add(server);
            } else {
                client.getOutputStream().write(buffer, 0, n);
            }
        }
    }

    private static boolean isCommit(byte[] sent) {
        return new String(sent, StandardCharsets.ISO_8859_1).contains("COMMIT");
    }

    @Override
    public void close() throws IOException {
        relay.close();
    }
}
