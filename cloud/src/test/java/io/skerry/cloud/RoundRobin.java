package io.skerry.cloud;

import java.io.IOException;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** A dumb load balancer: each connection goes to the next port that takes it. */
final class RoundRobin implements AutoCloseable {
    private final List<Integer> ports;
    private final AtomicInteger next = new AtomicInteger();
    private final Relay relay;

    RoundRobin(Integer... ports) {
        this.ports = List.of(ports);
        relay = new Relay(this::connected, Relay.Way.ALL, Relay.Way.ALL);
    }

    int port() {
        return relay.port();
    }

    private Socket connected() throws IOException {
        IOException last = new IOException("no port");
        for (int i = 0; i < ports.size(); i++) {
            try {
                return Relay.Destination.at(ports.get(Math.floorMod(next.getAndIncrement(), ports.size())));
            } catch (IOException e) {
                last = e;
            }
        }
        throw last;
    }

    @Override
    public void close() throws IOException {
        relay.close();
    }
}
