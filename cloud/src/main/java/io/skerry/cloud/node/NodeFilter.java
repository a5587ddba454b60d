package io.skerry.cloud.node;

import io.skerry.cloud.tenancy.Group;
import java.util.Map;
import java.util.Optional;

/**
 * Which of a customer's nodes are wanted.
 *
 * @param nodeId this one at most
 * @param name exactly this one
 * @param group that they are in
 * @param nested also those in the groups within it
 * @param labels that they have, all of them
 */
public record NodeFilter(
        Optional<String> nodeId,
        Optional<String> name,
        Optional<Group> group,
        boolean nested,
        Map<String, String> labels) {
    public static final NodeFilter ALL =
            new NodeFilter(Optional.empty(), Optional.empty(), Optional.empty(), true, Map.of());

    public NodeFilter {
        labels = Map.copyOf(labels);
    }
}
