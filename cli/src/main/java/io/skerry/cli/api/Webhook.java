package io.skerry.cli.api;

import io.avaje.jsonb.Json;
import java.util.List;
import java.util.Optional;

/** A receiver that is told of events. */
@Json(naming = Json.Naming.LowerUnderscore)
public record Webhook(
        String webhookId,
        String customerId,
        String name,
        String url,
        List<String> eventTypes,
        Optional<String> groupId,
        boolean enabled,
        Optional<Trouble> disabledReason,
        Optional<Long> previousSecretUntil,
        int failures,
        Optional<Long> failingSince,
        Optional<Long> lastSuccessAt,
        long createdAt) {

    /** Why something wasn't done. */
    @Json
    public record Trouble(String code, String message, String remedy) {}
}
