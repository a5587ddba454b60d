package io.skerry.cli.api;

import io.avaje.jsonb.Json;

/** Bytes that a device used for one purpose. */
@Json(naming = Json.Naming.LowerUnderscore)
public record Traffic(String purpose, long received, long sent) {}
