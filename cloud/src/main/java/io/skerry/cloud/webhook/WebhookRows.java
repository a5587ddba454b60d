package io.skerry.cloud.webhook;

import io.skerry.cloud.storage.Columns;
import io.skerry.spec.Problem;
import java.net.URI;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** The table of webhooks. */
final class WebhookRows {
    private static final String SELECT = "SELECT w.*, l.failures, l.failing_since, l.last_success_at FROM webhooks w"
            + " JOIN webhook_leases l ON l.webhook_id = w.webhook_id ";

    private WebhookRows() {}

    /** @param sealed its secret */
    static void insert(Handle h, Webhook webhook, String sealed) {
        h.createUpdate("INSERT INTO webhooks (webhook_id, customer_id, name, url, event_types, group_id, enabled,"
                        + " secret, created_at) VALUES (:id, :customer, :name, :url, :types, :group, 1, :secret, :now)")
                .bind("id", webhook.webhookId())
                .bind("customer", webhook.customerId())
                .bind("name", webhook.name())
                .bind("url", webhook.url().toString())
                .bind("types", webhook.types().stored())
                .bind("group", webhook.groupId())
                .bind("secret", sealed)
                .bind("now", webhook.createdAt())
                .execute();
        LeaseRows.insert(h, webhook.webhookId());
    }

    /** All of it but its secrets. */
    static void update(Handle h, Webhook webhook) {
        h.createUpdate("UPDATE webhooks SET name = :name, url = :url, event_types = :types, group_id = :group,"
                        + " enabled = :enabled, disabled_reason = :reason WHERE webhook_id = :id")
                .bind("id", webhook.webhookId())
                .bind("name", webhook.name())
                .bind("url", webhook.url().toString())
                .bind("types", webhook.types().stored())
                .bind("group", webhook.groupId())
                .bind("enabled", webhook.enabled() ? 1 : 0)
                .bind("reason", webhook.disabledReason().map(DeliveryRows.PROBLEM::toJson))
                .execute();
    }

    static void disable(Handle h, String webhookId, Problem why) {
        h.execute(
                "UPDATE webhooks SET enabled = 0, disabled_reason = ? WHERE webhook_id = ?",
                DeliveryRows.PROBLEM.toJson(why),
                webhookId);
    }

    /** @param previousUntil until when the secret that it has counts beside the new one */
    static void rotate(Handle h, String webhookId, String sealed, long previousUntil) {
        h.execute(
                "UPDATE webhooks SET previous_secret = secret, previous_until = ?, secret = ? WHERE webhook_id = ?",
                previousUntil,
                sealed,
                webhookId);
    }

    static void remove(Handle h, String webhookId) {
        h.execute("DELETE FROM webhooks WHERE webhook_id = ?", webhookId);
    }

    static int count(Handle h, String customerId) {
        return h.createQuery("SELECT COUNT(*) FROM webhooks WHERE customer_id = :id")
                .bind("id", customerId)
                .mapTo(Integer.class)
                .one();
    }

    static Optional<Webhook> find(Handle h, String webhookId) {
        return h.createQuery(SELECT + "WHERE w.webhook_id = :id")
                .bind("id", webhookId)
                .map((rs, c) -> webhook(rs))
                .findOne();
    }

    static List<Webhook> ofCustomer(Handle h, String customerId) {
        return h.createQuery(SELECT + "WHERE w.customer_id = :id ORDER BY w.name")
                .bind("id", customerId)
                .map((rs, c) -> webhook(rs))
                .list();
    }

    /**
     * What a webhook's messages are signed with now, sealed: its secret, and the one before while that counts. Nothing when it is gone.
     *
     * @param now milliseconds since 1970
     */
    static List<String> secrets(Handle h, String webhookId, long now) {
        return h.createQuery("SELECT secret, previous_secret, previous_until FROM webhooks WHERE webhook_id = :id")
                .bind("id", webhookId)
                .map((rs, c) -> {
                    String secret = rs.getString("secret");
                    String previous = rs.getString("previous_secret");
                    return previous != null && rs.getLong("previous_until") > now
                            ? List.of(secret, previous)
                            : List.of(secret);
                })
                .findOne()
                .orElse(List.of());
    }

    private static Webhook webhook(ResultSet rs) throws SQLException {
        return new Webhook(
                rs.getString("webhook_id"),
                rs.getString("customer_id"),
                rs.getString("name"),
                URI.create(rs.getString("url")),
                WantedTypes.stored(rs.getString("event_types")),
                Optional.ofNullable(rs.getString("group_id")),
                rs.getInt("enabled") == 1,
                Optional.ofNullable(rs.getString("disabled_reason")).map(DeliveryRows.PROBLEM::fromJson),
                Columns.number(rs, "previous_until"),
                rs.getLong("created_at"),
                standing(rs));
    }

    static Webhook.Standing standing(ResultSet rs) throws SQLException {
        return new Webhook.Standing(
                rs.getInt("failures"), Columns.number(rs, "failing_since"), Columns.number(rs, "last_success_at"));
    }
}
