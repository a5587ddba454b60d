package io.skerry.cli.api;

import io.avaje.jsonb.Json;
import io.skerry.spec.Problem;
import java.util.Optional;

/** How far an import is: running, done or failed. */
@Json(naming = Json.Naming.LowerUnderscore)
public record ServiceImport(
        String importId,
        String serviceName,
        String state,
        String step,
        long bytesDone,
        long bytesTotal,
        long startedAt,
        Optional<Long> endedAt,
        Optional<String> nodeServiceId,
        Optional<Integer> containerVersion,
        Optional<Problem> problem) {}
