package io.skerry.cli.api;

import java.util.Map;
import java.util.Optional;

/** Which of a customer's devices are wanted: those in a group and the groups within it, with all of these labels. */
public record NodeQuery(String customerId, Optional<String> groupId, Map<String, String> labels) {
    /** All of them. */
    public static NodeQuery all(String customerId) {
        return new NodeQuery(customerId, Optional.empty(), Map.of());
    }
}
