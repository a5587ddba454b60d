package io.skerry.cli.api;

import io.avaje.jsonb.Json;
import java.util.Optional;

/** A device as a list shows it. */
@Json(naming = Json.Naming.LowerUnderscore)
public record NodeSummary(
        String nodeId,
        String customerId,
        String name,
        String arch,
        long createdAt,
        boolean online,
        Optional<Long> lastSeenAt,
        Optional<String> daemonVersion,
        int revision,
        Optional<Integer> tryingRevision,
        String phase) {}
