package io.skerry.cli.api;

import java.util.Optional;

/** Which instances of a customer are meant; without a service or a node all of them. */
public record InstanceFilter(String customerId, Optional<String> serviceId, Optional<String> nodeId) {
    public static InstanceFilter all(String customerId) {
        return new InstanceFilter(customerId, Optional.empty(), Optional.empty());
    }

    public static InstanceFilter ofService(String customerId, String serviceId) {
        return new InstanceFilter(customerId, Optional.of(serviceId), Optional.empty());
    }
}
