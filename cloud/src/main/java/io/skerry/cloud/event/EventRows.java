package io.skerry.cloud.event;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** The table of events. */
final class EventRows {
    private EventRows() {}

    static void insert(Handle h, Event event) {
        h.createUpdate("INSERT INTO events (event_id, customer_id, happened_at, type, type_version, node_id,"
                        + " instance_id, service_id, rollout_id, webhook_id, data) VALUES (:id, :customer, :at, :type,"
                        + " :version, :node, :instance, :service, :rollout, :webhook, :data)")
                .bind("id", event.eventId())
                .bind("customer", event.customerId())
                .bind("at", event.at())
                .bind("type", event.type().word())
                .bind("version", event.typeVersion())
                .bind("node", event.subject().nodeId())
                .bind("instance", event.subject().instanceId())
                .bind("service", event.subject().serviceId())
                .bind("rollout", event.subject().rolloutId())
                .bind("webhook", event.subject().webhookId())
                .bind("data", event.data())
                .execute();
    }

    static Event event(ResultSet rs) throws SQLException {
        return new Event(
                rs.getString("event_id"),
                rs.getString("customer_id"),
                rs.getLong("happened_at"),
                EventType.find(rs.getString("type")).orElseThrow(),
                rs.getInt("type_version"),
                new Subject(
                        Optional.ofNullable(rs.getString("node_id")),
                        Optional.ofNullable(rs.getString("instance_id")),
                        Optional.ofNullable(rs.getString("service_id")),
                        Optional.ofNullable(rs.getString("rollout_id")),
                        Optional.ofNullable(rs.getString("webhook_id"))),
                rs.getString("data"));
    }
}
