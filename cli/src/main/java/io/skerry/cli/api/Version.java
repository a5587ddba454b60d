package io.skerry.cli.api;

import io.avaje.jsonb.Json;
import java.util.List;
import java.util.Optional;

/** What one import made. */
@Json(naming = Json.Naming.LowerUnderscore)
public record Version(
        int containerVersion,
        String containerImage,
        long createdAt,
        Optional<Long> retiredAt,
        List<VersionImage> images,
        int memoryLimitMb,
        int cpuLimitMillis,
        int pidsLimit,
        List<Volume> volumes,
        List<Variable> environment,
        String restart,
        int stopSeconds,
        int probationSeconds,
        Optional<String> health,
        Optional<String> group,
        Optional<String> statusGoal,
        Optional<Integer> goalSeconds,
        Optional<String> updateScope,
        List<String> after,
        Optional<Recovery> recovery,
        Optional<UpdateRules> update) {}
