package io.skerry.cloud.tenancy;

import java.util.Optional;

/**
 * An API key without its secret.
 *
 * @param apiKeyId by which it is named
 * @param customerId whose it is; empty for one of the whole installation
 * @param name for people
 * @param role what it may do
 * @param nodeId the one device that it is good for, if it is for one alone
 * @param instanceId in which instance's container it lies, if the control plane made it for one
 * @param login how it came about, if a person got it by logging in
 * @param createdAt milliseconds since 1970
 * @param expiresAt milliseconds since 1970, from when on it is refused
 * @param revokedAt milliseconds since 1970, once it is revoked
 */
public record ApiKey(
        String apiKeyId,
        Optional<String> customerId,
        String name,
        Role role,
        Optional<String> nodeId,
        Optional<String> instanceId,
        Optional<KeyLogin> login,
        long createdAt,
        Optional<Long> expiresAt,
        Optional<Long> revokedAt) {}
