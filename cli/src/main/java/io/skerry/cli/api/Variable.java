package io.skerry.cli.api;

import io.avaje.jsonb.Json;

/** An environment variable. */
@Json(naming = Json.Naming.LowerUnderscore)
public record Variable(String name, String value) {}
