package io.skerry.cli.api;

import io.avaje.jsonb.Json;
import java.util.List;
import java.util.Optional;

/** How a container is replaced by its next version. */
@Json(naming = Json.Naming.LowerUnderscore)
public record UpdateRules(
        String strategy,
        Optional<Hook> preUpdate,
        Optional<Hook> postUpdate,
        Optional<Hook> handOver,
        int lockSeconds) {

    /** A command run in a container. */
    @Json(naming = Json.Naming.LowerUnderscore)
    public record Hook(List<String> command, int timeoutSeconds) {}
}
