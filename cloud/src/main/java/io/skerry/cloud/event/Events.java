package io.skerry.cloud.event;

import io.skerry.cloud.storage.Page;
import io.skerry.cloud.storage.Storage;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;

/**
 * The event log: what happened is written in the transaction that makes it happen, so that a crash neither loses nor invents any. Whoever
 * follows it by its ids misses none: they grow in the order in which transactions are kept.
 */
public final class Events {
    /** What is older is forgotten. */
    static final Duration KEPT = Duration.ofDays(30);

    /** Of one customer; of more the oldest are forgotten. */
    static final int MOST = 100_000;

    private static final int CHUNK = 2_000;

    private final Storage storage;
    private final InstantSource time;
    private final RandomGenerator random;
    private final Subscribers subscribers;
    private final int most;

    public Events(Storage storage, InstantSource time, RandomGenerator random, Subscribers subscribers) {
        this(storage, time, random, subscribers, MOST);
    }

    Events(Storage storage, InstantSource time, RandomGenerator random, Subscribers subscribers, int most) {
        this.storage = storage;
        this.time = time;
        this.random = random;
        this.subscribers = subscribers;
        this.most = most;
    }

    /** Writes an event within the work that makes it happen. */
    public Event append(Handle h, NewEvent happened) {
        long now = time.millis();
        String last = h.createQuery("SELECT last_event_id FROM event_heads WHERE customer_id = :id")
                .bind("id", happened.customerId())
                .mapTo(String.class)
                .findOne()
                .orElse("");
        var event = new Event(
                EventIds.after(last, now, random),
                happened.customerId(),
                now,
                happened.type(),
                happened.type().version(),
                happened.subject(),
                Event.json(happened));
        h.createUpdate("INSERT INTO event_heads (customer_id, last_event_id) VALUES (:customer, :id)"
                        + " ON CONFLICT (customer_id) DO UPDATE SET last_event_id = excluded.last_event_id")
                .bind("customer", event.customerId())
                .bind("id", event.eventId())
                .execute();
        EventRows.insert(h, event);
        subscribers.appended(h, event);
        return event;
    }

    /** One event, within a piece of work. */
    public static Optional<Event> find(Handle h, String eventId) {
        return h.createQuery("SELECT * FROM events WHERE event_id = :id")
                .bind("id", eventId)
                .map((rs, c) -> EventRows.event(rs))
                .findOne();
    }

    /**
     * The events of a customer, page by page.
     *
     * @param cursor the id of an event: those that come after it, in the order that is asked for; empty for the beginning
     */
    public Page<Event> list(EventFilter filter, int take, String cursor) {
        List<String> conditions = new ArrayList<>(List.of("customer_id = :customer"));
        Map<String, Object> bound = new LinkedHashMap<>(Map.of("customer", filter.customerId()));
        filter.nodeId().ifPresent(id -> add(conditions, bound, "node_id = ", "node", id));
        filter.serviceId().ifPresent(id -> add(conditions, bound, "service_id = ", "service", id));
        filter.instanceId().ifPresent(id -> add(conditions, bound, "instance_id = ", "instance", id));
        filter.afterOrAt().ifPresent(at -> add(conditions, bound, "happened_at >= ", "from", at));
        filter.before().ifPresent(at -> add(conditions, bound, "happened_at < ", "until", at));
        if (!cursor.isEmpty()) {
            add(conditions, bound, filter.oldestFirst() ? "event_id > " : "event_id < ", "cursor", cursor);
        }
        if (!filter.types().isEmpty()) {
            conditions.add("type IN (<types>)");
        }
        return storage.read(h -> {
            Query query = h.createQuery("SELECT * FROM events WHERE " + String.join(" AND ", conditions)
                            + " ORDER BY event_id " + (filter.oldestFirst() ? "ASC" : "DESC") + " LIMIT :most")
                    .bindMap(bound)
                    .bind("most", take + 1);
            if (!filter.types().isEmpty()) {
                query.bindList(
                        "types", filter.types().stream().map(EventType::word).toList());
            }
            return Page.of(query.map((rs, c) -> EventRows.event(rs)).list(), take, Event::eventId);
        });
    }

    private static void add(
            List<String> conditions, Map<String, Object> bound, String condition, String name, Object value) {
        conditions.add(condition + ":" + name);
        bound.put(name, value);
    }

    /** Forgets what is too old or too many, with the deliveries of it; called now and then. */
    public void forgetOld() {
        long before = time.millis() - KEPT.toMillis();
        inChunks("SELECT event_id FROM events WHERE happened_at < :before", Map.of("before", before));
        for (String customer : storage.read(h -> h.createQuery("SELECT customer_id FROM event_heads")
                .mapTo(String.class)
                .list())) {
            storage.read(h -> h.createQuery("SELECT event_id FROM events WHERE customer_id = :customer"
                                    + " ORDER BY event_id DESC LIMIT 1 OFFSET :most")
                            .bind("customer", customer)
                            .bind("most", most)
                            .mapTo(String.class)
                            .findOne())
                    .ifPresent(border -> inChunks(
                            "SELECT event_id FROM events WHERE customer_id = :customer AND event_id <= :border",
                            Map.of("customer", customer, "border", border)));
        }
    }

    private void inChunks(String selected, Map<String, Object> bound) {
        int removed;
        do {
            // What a webhook is still to be told of stays; that is over within days.
            removed = storage.write(h -> h.createUpdate("DELETE FROM events WHERE event_id IN (" + selected
                            + " AND event_id NOT IN (SELECT event_id FROM webhook_deliveries"
                            + " WHERE state IN ('waiting', 'aside')) LIMIT " + CHUNK + ")")
                    .bindMap(bound)
                    .execute());
        } while (removed == CHUNK);
    }
}
