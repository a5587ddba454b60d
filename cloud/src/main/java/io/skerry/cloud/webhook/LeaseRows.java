package io.skerry.cloud.webhook;

import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/**
 * Who delivers for which webhook. One process at a time does: it holds a lease, which it prolongs with each attempt that it notes, and which
 * lapses when it dies.
 */
final class LeaseRows {
    private LeaseRows() {}

    static void insert(Handle h, String webhookId) {
        h.execute(
                "INSERT INTO webhook_leases (webhook_id, holder, lease_until, not_before, failures)"
                        + " VALUES (?, '', 0, 0, 0)",
                webhookId);
    }

    /** The webhooks for which there is something to do at that moment and nobody does it; who was served longest ago first. */
    static List<String> due(Handle h, long now, int most) {
        return h.createQuery(
                        "SELECT l.webhook_id FROM webhook_leases l JOIN webhooks w ON w.webhook_id = l.webhook_id"
                                + " WHERE w.enabled = 1 AND l.lease_until < :now AND l.not_before <= :now AND ("
                                + "EXISTS (SELECT 1 FROM webhook_deliveries d WHERE d.webhook_id = l.webhook_id"
                                + " AND d.state = 'waiting') OR "
                                + "EXISTS (SELECT 1 FROM webhook_deliveries d WHERE d.webhook_id = l.webhook_id"
                                + " AND d.state = 'aside' AND d.next_at <= :now)) ORDER BY l.lease_until, l.webhook_id LIMIT :most")
                .bind("now", now)
                .bind("most", most)
                .mapTo(String.class)
                .list();
    }

    /**
     * Takes the lease of a webhook that nobody holds.
     *
     * @param holder an id of this claim alone
     */
    static boolean claim(Handle h, String webhookId, String holder, long now, long until) {
        return h.createQuery("UPDATE webhook_leases SET holder = :holder, lease_until = :until"
                        + " WHERE webhook_id = :id AND lease_until < :now RETURNING webhook_id")
                .bind("holder", holder)
                .bind("until", until)
                .bind("id", webhookId)
                .bind("now", now)
                .mapTo(String.class)
                .findOne()
                .isPresent();
    }

    /** Holds it for longer; false when it isn't this one's any more. */
    static boolean prolong(Handle h, String webhookId, String holder, long until) {
        return h.createUpdate(
                                "UPDATE webhook_leases SET lease_until = :until WHERE webhook_id = :id AND holder = :holder")
                        .bind("until", until)
                        .bind("id", webhookId)
                        .bind("holder", holder)
                        .execute()
                == 1;
    }

    /**
     * Gives it up.
     *
     * @param now from now on others may have it
     * @param notBefore until when what waits has to
     */
    static void release(Handle h, String webhookId, String holder, long now, long notBefore) {
        h.createUpdate("UPDATE webhook_leases SET holder = '', lease_until = :now, not_before = :notBefore"
                        + " WHERE webhook_id = :id AND holder = :holder")
                // Before now, so that whoever was served last comes last, and may be served again at once.
                .bind("now", now - 1)
                .bind("notBefore", notBefore)
                .bind("id", webhookId)
                .bind("holder", holder)
                .execute();
    }

    /** There is something to do at once, whatever has failed. */
    static void wake(Handle h, String webhookId) {
        h.execute("UPDATE webhook_leases SET not_before = 0 WHERE webhook_id = ?", webhookId);
    }

    /** Begins anew, as if nothing had failed. */
    static void forgive(Handle h, String webhookId) {
        h.execute(
                "UPDATE webhook_leases SET not_before = 0, failures = 0, failing_since = NULL WHERE webhook_id = ?",
                webhookId);
    }

    static void taken(Handle h, String webhookId, long now) {
        h.execute(
                "UPDATE webhook_leases SET failures = 0, failing_since = NULL, last_success_at = ? WHERE webhook_id = ?",
                now,
                webhookId);
    }

    /** @return how it stands now */
    static Webhook.Standing failed(Handle h, String webhookId, long now) {
        h.execute(
                "UPDATE webhook_leases SET failures = failures + 1, failing_since = COALESCE(failing_since, ?)"
                        + " WHERE webhook_id = ?",
                now,
                webhookId);
        return h.createQuery(
                        "SELECT failures, failing_since, last_success_at FROM webhook_leases WHERE webhook_id = :id")
                .bind("id", webhookId)
                .map((rs, c) -> WebhookRows.standing(rs))
                .findOne()
                .orElse(new Webhook.Standing(0, Optional.empty(), Optional.empty()));
    }
}
