package io.skerry.cli.api;

import io.avaje.jsonb.Json;
import io.skerry.spec.Problem;

/** A device that is to have a service by a group of its and can't. */
@Json(naming = Json.Naming.LowerUnderscore)
public record AbsentInstance(
        String groupNodeServiceId,
        String groupId,
        String groupName,
        String nodeServiceId,
        String serviceName,
        String nodeId,
        String nodeName,
        Problem reason,
        long since) {}
