package io.skerry.cloud.event;

import java.util.Optional;

/**
 * What an event is about: the ids of all that it names. They may be of things that are gone.
 *
 * @param nodeId the device
 * @param instanceId the instance on it
 * @param serviceId the service
 * @param rolloutId the roll-out of the service
 * @param webhookId the webhook
 */
public record Subject(
        Optional<String> nodeId,
        Optional<String> instanceId,
        Optional<String> serviceId,
        Optional<String> rolloutId,
        Optional<String> webhookId) {
    public static Subject node(String nodeId) {
        return new Subject(Optional.of(nodeId), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
    }

    public static Subject instance(String nodeId, String instanceId, String serviceId) {
        return new Subject(
                Optional.of(nodeId),
                Optional.of(instanceId),
                Optional.of(serviceId),
                Optional.empty(),
                Optional.empty());
    }

    /** An instance of which nobody knows any more what service it is of. */
    public static Subject instance(String nodeId, String instanceId) {
        return new Subject(
                Optional.of(nodeId), Optional.of(instanceId), Optional.empty(), Optional.empty(), Optional.empty());
    }

    public static Subject service(String serviceId) {
        return new Subject(
                Optional.empty(), Optional.empty(), Optional.of(serviceId), Optional.empty(), Optional.empty());
    }

    public static Subject rollout(String rolloutId, String serviceId) {
        return new Subject(
                Optional.empty(), Optional.empty(), Optional.of(serviceId), Optional.of(rolloutId), Optional.empty());
    }

    public static Subject webhook(String webhookId) {
        return new Subject(
                Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.of(webhookId));
    }
}
