package io.skerry.cli.api;

import io.avaje.jsonb.Json;

/** How a container that ends by itself is started again. */
@Json(naming = Json.Naming.LowerUnderscore)
public record Recovery(
        int maxRetries,
        int retryDelaySeconds,
        double backoffFactor,
        int mostDelaySeconds,
        int stableSeconds,
        String exhausted,
        int pauseSeconds) {}
