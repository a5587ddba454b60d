package io.skerry.cloud.tenancy;

import java.time.Duration;
import java.util.Optional;

/**
 * What a new API key is to be good for.
 *
 * @param customerId whose it becomes; empty for one of the whole installation
 * @param name for people, who uses it
 * @param role what it may do
 * @param nodeId the one device that it is good for; empty: all that the customer has
 * @param valid for how long, one minute to ten years; empty: until it is revoked
 * @param login how the person came to it whose login it is; empty: it is no login
 */
public record KeyGrant(
        Optional<String> customerId,
        String name,
        Role role,
        Optional<String> nodeId,
        Optional<Duration> valid,
        Optional<KeyLogin> login) {
    /** A key that is no login. */
    public KeyGrant(
            Optional<String> customerId, String name, Role role, Optional<String> nodeId, Optional<Duration> valid) {
        this(customerId, name, role, nodeId, valid, Optional.empty());
    }

    /** Everything within the whole installation, without end. */
    static KeyGrant everything(String name) {
        return new KeyGrant(Optional.empty(), name, Role.ADMIN, Optional.empty(), Optional.empty());
    }
}
