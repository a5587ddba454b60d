package io.skerry.cli.api;

import java.util.List;
import java.util.Optional;

/**
 * Which events are wanted.
 *
 * @param types none: all
 * @param after the id of an event: only what came after it, the oldest first; empty: the newest first
 */
public record EventQuery(
        String customerId,
        List<String> types,
        Optional<String> nodeId,
        Optional<String> serviceId,
        Optional<String> instanceId,
        Optional<String> after) {
    public EventQuery {
        types = List.copyOf(types);
    }

    /** All of one instance, the newest first. */
    public static EventQuery ofInstance(String customerId, String instanceId) {
        return new EventQuery(
                customerId, List.of(), Optional.empty(), Optional.empty(), Optional.of(instanceId), Optional.empty());
    }
}
