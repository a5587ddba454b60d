package io.skerry.cli.api;

import io.avaje.jsonb.Json;
import java.util.Optional;

/** An API key without its secret; without a customer it is one of the whole installation, with a node good for that one alone. */
@Json(naming = Json.Naming.LowerUnderscore)
public record ApiKey(
        String apiKeyId,
        Optional<String> customerId,
        String name,
        String role,
        Optional<String> nodeId,
        Optional<String> loginSubject,
        long createdAt,
        Optional<Long> expiresAt,
        Optional<Long> revokedAt) {}
