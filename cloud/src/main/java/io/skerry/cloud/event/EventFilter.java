package io.skerry.cloud.event;

import java.util.Optional;
import java.util.Set;

/**
 * Which events are asked for.
 *
 * @param types empty: all
 * @param afterOrAt milliseconds since 1970
 * @param before milliseconds since 1970
 * @param oldestFirst as whoever follows the log wants them
 */
public record EventFilter(
        String customerId,
        Set<EventType> types,
        Optional<String> nodeId,
        Optional<String> serviceId,
        Optional<String> instanceId,
        Optional<Long> afterOrAt,
        Optional<Long> before,
        boolean oldestFirst) {
    public EventFilter {
        types = Set.copyOf(types);
    }
}
