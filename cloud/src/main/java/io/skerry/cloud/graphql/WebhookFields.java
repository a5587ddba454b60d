package io.skerry.cloud.graphql;

import graphql.schema.idl.RuntimeWiring;
import io.skerry.cloud.storage.Page;
import io.skerry.cloud.tenancy.Role;
import io.skerry.cloud.webhook.Attempt;
import io.skerry.cloud.webhook.Delivery;
import io.skerry.cloud.webhook.NewWebhook;
import io.skerry.cloud.webhook.Webhook;
import io.skerry.cloud.webhook.WebhookChange;
import io.skerry.cloud.webhook.Webhooks;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Webhooks and their deliveries. */
final class WebhookFields implements Fields {
    private static final String ID = "webhook_id";
    private static final String DELIVERY = "webhook_delivery_id";
    private static final String TYPES = "event_types";
    private static final String GROUP = "group_id";
    /** More than there are types; what it is good for is said by {@link Webhooks}. */
    private static final int MOST_TYPES = 200;

    private static final int DAY_MINUTES = 24 * 60;

    private final Webhooks webhooks;

    WebhookFields(Webhooks webhooks) {
        this.webhooks = webhooks;
    }

    @Override
    public void wire(RuntimeWiring.Builder wiring) {
        wiring.type(
                "Query",
                query -> query.dataFetcher("DM_get_webhooks", e -> list(new Arguments(e)))
                        .dataFetcher("DM_get_webhook", e -> one(new Arguments(e)))
                        .dataFetcher("DM_get_webhook_deliveries", e -> deliveries(new Arguments(e))));
        wiring.type(
                "Mutation",
                mutation -> mutation.dataFetcher("DM_create_webhook", e -> create(new Arguments(e)))
                        .dataFetcher("DM_update_webhook", e -> update(new Arguments(e)))
                        .dataFetcher("DM_rotate_webhook_secret", e -> rotate(new Arguments(e)))
                        .dataFetcher("DM_remove_webhook", e -> remove(new Arguments(e)))
                        .dataFetcher("DM_test_webhook", e -> ping(new Arguments(e)))
                        .dataFetcher("DM_redeliver_webhook_delivery", e -> redeliver(new Arguments(e))));
    }

    private List<Map<String, @Nullable Object>> list(Arguments arguments) {
        return webhooks.list(arguments.customer("customer_id")).stream()
                .map(w -> shape(w, arguments))
                .toList();
    }

    private @Nullable Map<String, @Nullable Object> one(Arguments arguments) {
        return webhooks.find(arguments.text(ID))
                .filter(w -> arguments.caller().sees(w.customerId()))
                .map(w -> shape(w, arguments))
                .orElse(null);
    }

    private Map<String, @Nullable Object> deliveries(Arguments arguments) {
        String id = arguments.text(ID);
        int take = arguments.take();
        if (webhooks.find(id)
                .filter(w -> arguments.caller().sees(w.customerId()))
                .isEmpty()) {
            throw Webhooks.unknown(id).asException();
        }
        Page<Delivery> page = webhooks.deliveries(
                id, arguments.optionalText("state").map(Delivery::state), take, arguments.idCursor());
        return new Shape()
                .with(
                        "deliveries",
                        page.items().stream()
                                .map(d -> shape(d, arguments.caller().role().includes(Role.ADMIN)))
                                .toList())
                .with("next_cursor", page.nextCursor())
                .fields();
    }

    private String create(Arguments arguments) {
        return webhooks.create(
                new NewWebhook(
                        arguments.customer("customer_id"),
                        arguments.text("name"),
                        arguments.text("url"),
                        arguments.words(TYPES, MOST_TYPES),
                        arguments.optionalText(GROUP)),
                arguments.caller());
    }

    private String update(Arguments arguments) {
        String id = arguments.text(ID);
        webhooks.change(
                id,
                new WebhookChange(
                        arguments.optionalText("name"),
                        arguments.optionalText("url"),
                        arguments.given(TYPES) ? Optional.of(arguments.words(TYPES, MOST_TYPES)) : Optional.empty(),
                        arguments.given(GROUP)
                                ? Optional.of(new WebhookChange.OfGroup(arguments.optionalText(GROUP)))
                                : Optional.empty(),
                        arguments.optionalText("enabled").map(Boolean::valueOf)),
                arguments.caller());
        return id;
    }

    private String rotate(Arguments arguments) {
        return webhooks.rotate(
                arguments.text(ID),
                Duration.ofMinutes(arguments.whole("overlap_minutes", DAY_MINUTES)),
                arguments.caller());
    }

    private String remove(Arguments arguments) {
        String id = arguments.text(ID);
        webhooks.remove(id, arguments.caller());
        return id;
    }

    private String ping(Arguments arguments) {
        return webhooks.ping(arguments.text(ID), arguments.caller());
    }

    private String redeliver(Arguments arguments) {
        String id = arguments.text(DELIVERY);
        webhooks.redeliver(id, arguments.caller());
        return id;
    }

    private static Map<String, @Nullable Object> shape(Webhook webhook, Arguments arguments) {
        boolean all = arguments.caller().role().includes(Role.ADMIN);
        return new Shape()
                .with(ID, webhook.webhookId())
                .with("customer_id", webhook.customerId())
                .with("name", webhook.name())
                .with("url", all ? webhook.url().toString() : webhook.origin())
                .with(TYPES, webhook.typeWords())
                .with(GROUP, webhook.groupId())
                .with("enabled", webhook.enabled())
                .with("disabled_reason", webhook.disabledReason().map(Shape::problem))
                .with("previous_secret_until", webhook.previousUntil())
                .with("failures", webhook.standing().failures())
                .with("failing_since", webhook.standing().failingSince())
                .with("last_success_at", webhook.standing().lastSuccessAt())
                .with("created_at", webhook.createdAt())
                .fields();
    }

    /** @param whole also what receivers answered: that may repeat the address, of which only an admin sees more than the host */
    private static Map<String, @Nullable Object> shape(Delivery delivery, boolean whole) {
        return new Shape()
                .with(DELIVERY, delivery.deliveryId())
                .with(ID, delivery.webhookId())
                .with("event_id", delivery.eventId())
                .with("event_type", delivery.eventType())
                .with("state", delivery.state().word())
                .with("tries", delivery.tries())
                .with("created_at", delivery.createdAt())
                .with("next_at", delivery.nextAt())
                .with("ended_at", delivery.endedAt())
                .with(
                        "attempts",
                        delivery.attempts().stream().map(a -> shape(a, whole)).toList())
                .fields();
    }

    private static Map<String, @Nullable Object> shape(Attempt attempt, boolean whole) {
        return new Shape()
                .with("number", attempt.number())
                .with("at", attempt.at())
                .with("milliseconds", attempt.millis())
                .with("status", attempt.status())
                .with("problem", attempt.problem().map(Shape::problem))
                .with("answer", whole ? attempt.answer() : "")
                .fields();
    }
}
