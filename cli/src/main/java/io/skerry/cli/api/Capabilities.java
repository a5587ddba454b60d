package io.skerry.cli.api;

import io.avaje.jsonb.Json;
import java.util.List;

/** What a device can do. */
@Json(naming = Json.Naming.LowerUnderscore)
public record Capabilities(
        int documentVersion, List<String> runtimes, List<String> networkModes, List<String> features, int cgroup) {}
