package io.skerry.cli.webhook;

import io.avaje.jsonb.Json;
import io.skerry.cli.api.Webhook;

/** What a script reads when something was done with a webhook. */
@Json(naming = Json.Naming.LowerUnderscore)
record ChangedWebhook(String webhookId, String name) {
    static ChangedWebhook of(Webhook webhook) {
        return new ChangedWebhook(webhook.webhookId(), webhook.name());
    }
}
