package io.skerry.cli.instance;

import io.avaje.jsonb.Json;
import java.util.List;

/** Which instances a command changed, as a script reads it. */
@Json(naming = Json.Naming.LowerUnderscore)
record Changed(List<String> nodeServiceInstanceIds) {}
