package io.skerry.cloud.instance;

import java.util.Optional;

/**
 * Which of a customer's instances are meant.
 *
 * @param serviceId only this service's
 * @param nodeId only those on this device
 */
public record InstanceFilter(Optional<String> serviceId, Optional<String> nodeId) {
    public static final InstanceFilter ALL = new InstanceFilter(Optional.empty(), Optional.empty());
}
