package io.skerry.cli.api;

import io.avaje.jsonb.Json;
import java.util.Optional;

/** A service that each device of a group has. */
@Json(naming = Json.Naming.LowerUnderscore)
public record GroupService(
        String groupNodeServiceId,
        String groupId,
        String groupName,
        String nodeServiceId,
        String serviceName,
        Optional<String> versionTargetSelector,
        int instanceCount,
        int absentCount,
        long createdAt) {}
