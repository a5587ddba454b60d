package io.skerry.cli.api;

import io.avaje.jsonb.Json;
import java.util.List;

/** A node service with its versions, newest first. */
@Json(naming = Json.Naming.LowerUnderscore)
public record Service(
        String nodeServiceId,
        String customerId,
        String name,
        int containerVersion,
        String containerImage,
        long createdAt,
        List<Version> versions) {}
