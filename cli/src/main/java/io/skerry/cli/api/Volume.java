package io.skerry.cli.api;

import io.avaje.jsonb.Json;

/** A volume by name, and where it lies in the container. */
@Json(naming = Json.Naming.LowerUnderscore)
public record Volume(String source, String target) {}
