package io.skerry.cli.api;

import io.avaje.jsonb.Json;
import java.util.Optional;

/** An API key without its secret; without a customer it is one of the whole installation. */
@Json(naming = Json.Naming.LowerUnderscore)
public record ApiKey(
        String apiKeyId, Optional<String> customerId, String name, long createdAt, Optional<Long> revokedAt) {}
