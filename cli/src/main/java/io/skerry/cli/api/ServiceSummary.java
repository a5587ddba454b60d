package io.skerry.cli.api;

import io.avaje.jsonb.Json;

/** A node service with its newest version. */
@Json(naming = Json.Naming.LowerUnderscore)
public record ServiceSummary(
        String nodeServiceId,
        String customerId,
        String name,
        int containerVersion,
        String containerImage,
        long createdAt) {}
