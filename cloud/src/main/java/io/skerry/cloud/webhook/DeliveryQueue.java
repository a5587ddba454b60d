package io.skerry.cloud.webhook;

import io.skerry.cloud.event.Event;
import io.skerry.cloud.event.Subscribers;
import io.skerry.cloud.storage.Ids;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** Has each event delivered to the webhooks that want it: noted in the work that writes the event. */
public final class DeliveryQueue implements Subscribers {
    private final Ids ids;

    public DeliveryQueue(Ids ids) {
        this.ids = ids;
    }

    private record Wish(String webhookId, WantedTypes types, Optional<String> groupId) {}

    @Override
    public void appended(Handle h, Event event) {
        List<Wish> wishes = h
                .createQuery("SELECT webhook_id, event_types, group_id FROM webhooks"
                        + " WHERE customer_id = :customer AND enabled = 1 ORDER BY webhook_id")
                .bind("customer", event.customerId())
                .map((rs, c) -> new Wish(
                        rs.getString("webhook_id"),
                        WantedTypes.stored(rs.getString("event_types")),
                        Optional.ofNullable(rs.getString("group_id"))))
                .list()
                .stream()
                .filter(w -> w.types.wants(event.type()))
                .toList();
        if (wishes.isEmpty()) {
            return;
        }
        String place = wishes.stream().anyMatch(w -> w.groupId.isPresent()) ? place(h, event) : "";
        for (Wish wish : wishes) {
            if (wish.groupId.filter(id -> !place.contains("/" + id + "/")).isEmpty()) {
                DeliveryRows.queue(h, ids.next(), wish.webhookId, event.eventId(), event.at());
            }
        }
    }

    /** The groups that the event's device is in, from the root, each between slashes; empty when it is about no device. */
    private static String place(Handle h, Event event) {
        return event.subject()
                .nodeId()
                .flatMap(
                        node -> h.createQuery("SELECT g.path FROM nodes n JOIN node_groups g ON g.group_id = n.group_id"
                                        + " WHERE n.node_id = :node")
                                .bind("node", node)
                                .mapTo(String.class)
                                .findOne())
                .map(path -> path + "/")
                .orElse("");
    }
}
