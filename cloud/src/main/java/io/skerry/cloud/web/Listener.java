package io.skerry.cloud.web;

import java.util.List;

/**
 * Where a port listens.
 *
 * @param addresses to listen on, all at one port
 * @param port 0: any that is free
 * @param option by which an operator chooses the port, for messages
 */
public record Listener(List<String> addresses, int port, String option) {
    public Listener {
        addresses = List.copyOf(addresses);
    }
}
