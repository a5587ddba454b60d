package io.skerry.cloud.tenancy;

/**
 * Who changes something, as the audit log names it.
 *
 * @param kind {@code api-key}, {@code device} or {@code control-plane}
 * @param id of the key or the node
 * @param name for people
 */
public record Actor(String kind, String id, String name) {
    /** The control plane of its own accord. */
    public static final Actor CONTROL_PLANE = new Actor("control-plane", "", "control plane");

    /** An API key. */
    public static Actor key(String apiKeyId, String name) {
        return new Actor("api-key", apiKeyId, name);
    }

    /** A device. */
    public static Actor device(String nodeId, String name) {
        return new Actor("device", nodeId, name);
    }
}
