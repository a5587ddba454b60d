package io.skerry.cloud.graphql;

import graphql.schema.idl.RuntimeWiring;
import io.skerry.cloud.event.Event;
import io.skerry.cloud.event.EventFilter;
import io.skerry.cloud.event.EventType;
import io.skerry.cloud.event.Events;
import io.skerry.cloud.storage.Page;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The event log. */
final class EventFields implements Fields {
    private static final int MOST_TYPES = 64;

    private final Events events;

    EventFields(Events events) {
        this.events = events;
    }

    @Override
    public void wire(RuntimeWiring.Builder wiring) {
        wiring.type(
                "Query",
                query -> query.dataFetcher("DM_get_events", e -> list(new Arguments(e)))
                        .dataFetcher("DM_get_event_types", e -> types()));
    }

    private static List<Map<String, @Nullable Object>> types() {
        return Arrays.stream(EventType.values())
                .map(t -> new Shape()
                        .with("type", t.word())
                        .with("version", t.version())
                        .with("description", t.description())
                        .with("fields", t.fields())
                        .fields())
                .toList();
    }

    private Map<String, @Nullable Object> list(Arguments arguments) {
        Optional<String> node = arguments.nodeSeen("customer_id", "node_id");
        String customer = arguments.text("customer_id");
        Page<Event> page = events.list(
                new EventFilter(
                        customer,
                        arguments.words("types", MOST_TYPES).stream()
                                .map(EventType::of)
                                .collect(Collectors.toSet()),
                        node,
                        arguments.optionalText("node_service_id"),
                        arguments.optionalText("node_service_instance_id"),
                        arguments.large("after_or_at"),
                        arguments.large("before"),
                        arguments.flag("oldest_first")),
                arguments.take(),
                arguments.idCursor());
        return new Shape()
                .with("events", page.items().stream().map(EventFields::shape).toList())
                .with("next_cursor", page.nextCursor())
                .fields();
    }

    private static Map<String, @Nullable Object> shape(Event event) {
        return new Shape()
                .with("event_id", event.eventId())
                .with("customer_id", event.customerId())
                .with("at", event.at())
                .with("type", event.type().word())
                .with("version", event.typeVersion())
                .with("node_id", event.subject().nodeId())
                .with("node_service_instance_id", event.subject().instanceId())
                .with("node_service_id", event.subject().serviceId())
                .with("rollout_id", event.subject().rolloutId())
                .with("webhook_id", event.subject().webhookId())
                .with("data", event.data())
                .fields();
    }
}
