package io.skerry.cloud.window;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where a node stands, for what is said of it by what is around it.
 *
 * @param groups the ids of the groups that it is in, the outermost first
 * @param services the service of each of its instances, by the instance's id
 */
record NodePlace(String nodeId, String customerId, List<String> groups, Map<String, String> services) {
    NodePlace {
        groups = List.copyOf(groups);
        services = Map.copyOf(services);
    }

    /** The ids of what is around it, the nearest first: itself, its groups, its customer. */
    List<String> around() {
        var ids = new java.util.ArrayList<String>();
        ids.add(nodeId);
        ids.addAll(groups.reversed());
        ids.add(customerId);
        return ids;
    }

    /** The path of a group as ids, the outermost first. */
    static List<String> ids(@SuppressWarnings("OptionalUsedAsFieldOrParameterType") Optional<String> path) {
        return path.stream()
                .flatMap(p -> List.of(p.split("/", -1)).stream())
                .filter(id -> !id.isEmpty())
                .toList();
    }
}
