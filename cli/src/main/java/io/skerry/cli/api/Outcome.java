package io.skerry.cli.api;

import io.avaje.jsonb.Json;
import java.util.Optional;

/** How a device's last attempt at a revision ended. */
@Json(naming = Json.Naming.LowerUnderscore)
public record Outcome(int revision, String result, Optional<Reason> reason) {}
