package io.skerry.cloud.webhook;

import io.skerry.cloud.storage.Storage;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;

/** Bounds the delivery log: what is over is forgotten after a week, or earlier when there is much of it; what waits too long is given up. */
public final class OldDeliveries {
    static final Duration KEPT = Duration.ofDays(7);

    /** Of one webhook. */
    static final int MOST = 10_000;

    private static final int CHUNK = 2_000;

    private final Storage storage;
    private final InstantSource time;
    private final int most;

    public OldDeliveries(Storage storage, InstantSource time) {
        this(storage, time, MOST);
    }

    OldDeliveries(Storage storage, InstantSource time, int most) {
        this.storage = storage;
        this.time = time;
        this.most = most;
    }

    /** Called now and then. */
    public void forget() {
        long now = time.millis();
        inChunks(
                "SELECT delivery_id FROM webhook_deliveries WHERE ended_at < :before",
                Map.of("before", now - KEPT.toMillis()));
        for (String webhook : storage.read(h -> h.createQuery("SELECT webhook_id FROM webhooks")
                .mapTo(String.class)
                .list())) {
            // Of a disabled webhook, say; one that is tried is given up by whoever tries it.
            storage.write(h -> h.createUpdate("UPDATE webhook_deliveries SET state = 'given-up', ended_at = :now"
                            + " WHERE webhook_id = :webhook AND state IN ('waiting', 'aside') AND begun_at < :before")
                    .bind("now", now)
                    .bind("webhook", webhook)
                    .bind("before", now - BackOff.GIVEN_UP_AFTER.toMillis())
                    .execute());
            storage.read(h -> h.createQuery("SELECT delivery_id FROM webhook_deliveries WHERE webhook_id = :webhook"
                                    + " ORDER BY delivery_id DESC LIMIT 1 OFFSET :most")
                            .bind("webhook", webhook)
                            .bind("most", most)
                            .mapTo(String.class)
                            .findOne())
                    .ifPresent(border -> inChunks(
                            "SELECT delivery_id FROM webhook_deliveries WHERE webhook_id = :webhook"
                                    + " AND delivery_id <= :border AND ended_at IS NOT NULL",
                            Map.of("webhook", webhook, "border", border)));
        }
    }

    private void inChunks(String selected, Map<String, Object> bound) {
        int removed;
        do {
            removed = storage.write(h -> h.createUpdate("DELETE FROM webhook_deliveries WHERE delivery_id IN ("
                            + selected + " LIMIT " + CHUNK + ")")
                    .bindMap(bound)
                    .execute());
        } while (removed == CHUNK);
    }
}
