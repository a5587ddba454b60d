package io.skerry.cli.api;

import io.avaje.jsonb.Json;
import java.util.Optional;

/** One thing in which two versions of a service differ. */
@Json(naming = Json.Naming.LowerUnderscore)
public record Difference(String field, Optional<String> before, Optional<String> after) {}
