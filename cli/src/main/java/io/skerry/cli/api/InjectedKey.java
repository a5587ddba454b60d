package io.skerry.cli.api;

import io.avaje.jsonb.Json;
import java.util.List;
import java.util.Optional;

/** An API key that an instance finds in its container, without its secret. */
@Json(naming = Json.Naming.LowerUnderscore)
public record InjectedKey(
        String injectedApiKeyId,
        String nodeServiceInstanceId,
        String path,
        String mode,
        String role,
        boolean wholeCustomer,
        Optional<Long> rotateMinutes,
        long overlapMinutes,
        long createdAt,
        long rotatedAt,
        String apiKeyId,
        List<EarlierKey> earlier) {}
