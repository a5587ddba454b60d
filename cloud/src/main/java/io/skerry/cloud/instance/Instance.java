package io.skerry.cloud.instance;

import io.skerry.cloud.subnet.LanAddress;
import java.util.Optional;

/**
 * A service on a device, as its operators asked for it.
 *
 * @param instanceId a UUID; the container's name on the device
 * @param customerId whose it is
 * @param serviceId which service
 * @param serviceName that service's name
 * @param nodeId on which device
 * @param nodeName that device's name
 * @param selector empty for the latest, {@code version:N} or {@code disabled}
 * @param byGroup by which group it came to the device; empty: somebody added it to the device
 * @param lan its addresses on the LAN side, if it has any
 * @param createdAt milliseconds since 1970
 */
public record Instance(
        String instanceId,
        String customerId,
        String serviceId,
        String serviceName,
        String nodeId,
        String nodeName,
        Optional<String> selector,
        Optional<ByGroup> byGroup,
        Optional<LanAddress> lan,
        long createdAt) {

    /**
     * The service of a group by which an instance came.
     *
     * @param groupServiceId its id
     * @param groupId the group's
     * @param groupName the group's
     * @param selector what it says its instances follow
     */
    public record ByGroup(String groupServiceId, String groupId, String groupName, Optional<String> selector) {}
}
