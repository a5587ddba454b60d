package io.skerry.cloud.instance;

import java.util.Optional;

/**
 * A service that each device of a group has, also each that joins it later, and each of the groups within it.
 *
 * @param groupServiceId a UUID
 * @param customerId whose it is
 * @param groupId of which group
 * @param groupName that group's name
 * @param serviceId which service
 * @param serviceName that service's name
 * @param selector what its instances follow from the beginning: empty for the latest, {@code version:N} or {@code disabled}
 * @param createdAt milliseconds since 1970
 */
public record GroupService(
        String groupServiceId,
        String customerId,
        String groupId,
        String groupName,
        String serviceId,
        String serviceName,
        Optional<String> selector,
        long createdAt) {

    /**
     * How many devices have it.
     *
     * @param instances that came by it
     * @param absent devices that are to have one and can't
     */
    public record Counts(int instances, int absent) {}
}
