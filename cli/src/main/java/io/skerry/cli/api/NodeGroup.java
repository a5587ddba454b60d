package io.skerry.cli.api;

import io.avaje.jsonb.Json;
import java.util.Optional;

/** A group of devices, nested as folders are. */
@Json(naming = Json.Naming.LowerUnderscore)
public record NodeGroup(
        String groupId, String customerId, Optional<String> parentGroupId, String name, long createdAt) {}
