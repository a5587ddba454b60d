package io.skerry.cloud.tenancy;

import java.util.Optional;

/**
 * An API key without its secret.
 *
 * @param apiKeyId by which it is named
 * @param customerId whose it is; empty for one of the whole installation
 * @param name for people
 * @param createdAt milliseconds since 1970
 * @param revokedAt milliseconds since 1970, once it is revoked
 */
public record ApiKey(
        String apiKeyId, Optional<String> customerId, String name, long createdAt, Optional<Long> revokedAt) {}
