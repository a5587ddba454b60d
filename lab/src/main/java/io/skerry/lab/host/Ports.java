package io.skerry.lab.host;

import io.skerry.spec.Problem;
import io.skerry.spec.ProblemException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/** Finds TCP ports that nobody listens on. */
public final class Ports {
    private Ports() {}

    /**
     * This port if it is free, else another free one.
     *
     * @param wanted the port that people expect; 0 for any
     * @throws ProblemException {@code host.no-port}
     */
    public static int free(int wanted) {
        if (wanted != 0 && isFree(wanted)) {
            return wanted;
        }
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new Problem("host.no-port", "No TCP port is free on this machine.").asException(e);
        }
    }

    /** Whether nobody listens on this port, on any address. */
    public static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(port));
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
