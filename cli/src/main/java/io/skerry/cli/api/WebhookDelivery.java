package io.skerry.cli.api;

import io.avaje.jsonb.Json;
import java.util.List;
import java.util.Optional;

/** One event's way to one webhook. */
@Json(naming = Json.Naming.LowerUnderscore)
public record WebhookDelivery(
        String webhookDeliveryId,
        String eventId,
        String eventType,
        String state,
        int tries,
        long createdAt,
        Optional<Long> nextAt,
        Optional<Long> endedAt,
        List<Attempt> attempts) {

    /** One try. */
    @Json
    public record Attempt(
            int number,
            long at,
            long milliseconds,
            Optional<Integer> status,
            Optional<Webhook.Trouble> problem,
            String answer) {}
}
