package io.skerry.cli.api;

import io.avaje.jsonb.Json;

/** A key that is still good because its device hasn't taken up the next one. */
@Json(naming = Json.Naming.LowerUnderscore)
public record EarlierKey(String apiKeyId, long goodUntil) {}
