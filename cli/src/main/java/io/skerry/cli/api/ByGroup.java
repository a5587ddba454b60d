package io.skerry.cli.api;

import io.avaje.jsonb.Json;

/** The group by which an instance came to its device. */
@Json(naming = Json.Naming.LowerUnderscore)
public record ByGroup(String groupNodeServiceId, String groupId, String groupName) {}
