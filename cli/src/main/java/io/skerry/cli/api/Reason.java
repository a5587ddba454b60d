package io.skerry.cli.api;

import io.avaje.jsonb.Json;
import java.util.List;

/** Why something isn't as it was asked for. */
@Json(naming = Json.Naming.LowerUnderscore)
public record Reason(String container, String code, String message, String remedy, List<String> logTail) {}
