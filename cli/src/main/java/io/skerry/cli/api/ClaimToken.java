package io.skerry.cli.api;

import io.avaje.jsonb.Json;
import java.util.Optional;

/**
 * With what new devices enrol, without its secret.
 *
 * @param nodeName how they are called; empty: as they call themselves
 * @param groupId where they begin; empty: at the customer's root
 * @param state good, used, expired or revoked
 * @param createdAt milliseconds since 1970, as the other times
 */
@Json(naming = Json.Naming.LowerUnderscore)
public record ClaimToken(
        String claimTokenId,
        String customerId,
        Optional<String> nodeName,
        Optional<String> groupId,
        int usesLeft,
        String state,
        long createdAt,
        long expiresAt,
        Optional<Long> revokedAt) {}
