package io.skerry.cloud.tenancy;

import java.util.Optional;

/**
 * Who changes something, as the audit log names it.
 *
 * @param kind {@code api-key}, {@code login}, {@code device} or {@code control-plane}
 * @param id of the key or the node
 * @param name for people
 * @param attempt the try at an idempotent call within which it does; see {@link Attempts}
 */
public record Actor(String kind, String id, String name, Optional<String> attempt) {
    private static final String KEY = "api-key";
    private static final String LOGIN = "login";

    /** The control plane of its own accord. */
    public static final Actor CONTROL_PLANE = new Actor("control-plane", "", "control plane");

    /** Whoever does something outside of an idempotent call. */
    public Actor(String kind, String id, String name) {
        this(kind, id, name, Optional.empty());
    }

    /** Whether it is an API key, which may be revoked; a login is one. */
    boolean isKey() {
        return kind.equals(KEY) || isPerson();
    }

    /** Whether it is a person who logged in. */
    public boolean isPerson() {
        return kind.equals(LOGIN);
    }

    /** A person who logged in and has this key for it. */
    public static Actor login(String apiKeyId, String name) {
        return new Actor(LOGIN, apiKeyId, name);
    }

    /** An API key. */
    public static Actor key(String apiKeyId, String name) {
        return new Actor(KEY, apiKeyId, name);
    }

    /** A device. */
    public static Actor device(String nodeId, String name) {
        return new Actor("device", nodeId, name);
    }
}
