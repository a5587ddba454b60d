package io.skerry.cli.api;

import io.avaje.jsonb.Json;
import java.util.List;
import java.util.Optional;

/** How far a service's newest version has come in the fleet. */
@Json(naming = Json.Naming.LowerUnderscore)
public record Rollout(
        String nodeServiceId,
        String name,
        int containerVersion,
        int total,
        int done,
        int inProgress,
        int failed,
        int waitingOffline,
        List<Instance> instances,
        Optional<PhasedRollout> phased) {}
