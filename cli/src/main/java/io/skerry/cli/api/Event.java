package io.skerry.cli.api;

import io.avaje.jsonb.Json;
import java.util.Optional;

/** Something that happened: data is JSON. */
@Json(naming = Json.Naming.LowerUnderscore)
public record Event(
        String eventId,
        long at,
        String type,
        int version,
        Optional<String> nodeId,
        Optional<String> nodeServiceInstanceId,
        Optional<String> nodeServiceId,
        Optional<String> rolloutId,
        Optional<String> webhookId,
        String data) {}
