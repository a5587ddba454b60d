package io.skerry.cli.api;

import io.avaje.jsonb.Json;
import java.util.List;
import java.util.Optional;

/** How a device's last attempt at a revision ended, and what was done about volumes in it. */
@Json(naming = Json.Naming.LowerUnderscore)
public record Outcome(int revision, String result, Optional<Reason> reason, List<OutcomeVolume> volumes) {}
