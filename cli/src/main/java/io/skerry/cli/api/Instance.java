package io.skerry.cli.api;

import io.avaje.jsonb.Json;
import java.util.Optional;

/** A service on a device, and how it is there. */
@Json(naming = Json.Naming.LowerUnderscore)
public record Instance(
        String nodeServiceInstanceId,
        String customerId,
        String nodeServiceId,
        String serviceName,
        String nodeId,
        String nodeName,
        boolean nodeOnline,
        Optional<String> versionTargetSelector,
        Optional<ByGroup> byGroup,
        Optional<Integer> targetVersion,
        Optional<Integer> runningVersion,
        String state,
        Optional<Reason> reason,
        int restarts,
        Optional<String> lastExit,
        Optional<Long> startedAt,
        Optional<LanAddress> lan,
        long createdAt) {}
