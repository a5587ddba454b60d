package io.skerry.cli.api;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A customer's webhooks and what they were sent. Each call as those of {@link Fleet}. */
public final class Webhooks {
    private final Calls calls;

    Webhooks(Calls calls) {
        this.calls = calls;
    }

    public List<Webhook> list(String customerId) {
        return calls.list(Webhook.class, calls.required(Operation.WEBHOOKS, Map.of("customer_id", customerId)));
    }

    public Optional<Webhook> find(String webhookId) {
        return calls.optional(Webhook.class, Operation.WEBHOOK, Map.of("webhook_id", webhookId));
    }

    /**
     * The newest first, at most a page.
     *
     * @param state empty: whatever
     */
    public List<WebhookDelivery> deliveries(String webhookId, Optional<String> state, int take) {
        Map<String, Object> variables = new HashMap<>(Map.of("webhook_id", webhookId, "take", take));
        state.ifPresent(s -> variables.put("state", s));
        return calls.page(WebhookDelivery.class, Operation.WEBHOOK_DELIVERIES, "deliveries", variables);
    }

    /** The webhook's secret, which is shown this once. */
    public String create(
            String customerId, String name, String url, List<String> eventTypes, Optional<String> groupId) {
        Map<String, Object> variables = new HashMap<>(Map.of("customer_id", customerId, "name", name, "url", url));
        if (!eventTypes.isEmpty()) {
            variables.put("event_types", eventTypes);
        }
        groupId.ifPresent(id -> variables.put("group_id", id));
        return calls.text(Operation.CREATE_WEBHOOK, variables);
    }

    public void update(String webhookId, WebhookUpdate update) {
        Map<String, @Nullable Object> variables = new HashMap<>();
        variables.put("webhook_id", webhookId);
        update.name().ifPresent(name -> variables.put("name", name));
        update.url().ifPresent(url -> variables.put("url", url));
        update.eventTypes().ifPresent(types -> variables.put("event_types", types));
        update.groupId().ifPresent(id -> variables.put("group_id", id.isEmpty() ? null : id));
        update.enabled().ifPresent(enabled -> variables.put("enabled", enabled));
        calls.text(Operation.UPDATE_WEBHOOK, variables);
    }

    /** The new secret, which is shown this once. */
    public String rotateSecret(String webhookId, int overlapMinutes) {
        return calls.text(
                Operation.ROTATE_WEBHOOK_SECRET, Map.of("webhook_id", webhookId, "overlap_minutes", overlapMinutes));
    }

    public void remove(String webhookId) {
        calls.text(Operation.REMOVE_WEBHOOK, Map.of("webhook_id", webhookId));
    }

    /** The ping's delivery's id. */
    public String test(String webhookId) {
        return calls.text(Operation.TEST_WEBHOOK, Map.of("webhook_id", webhookId));
    }

    public void redeliver(String deliveryId) {
        calls.text(Operation.REDELIVER, Map.of("webhook_delivery_id", deliveryId));
    }
}
