package io.skerry.cloud.event;

import io.avaje.jsonb.JsonType;
import io.skerry.spec.JsonMappers;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * One line of the event log.
 *
 * @param eventId a UUID that is greater than those of all earlier events of the customer
 * @param at milliseconds since 1970
 * @param typeVersion the number of the shape that the data have
 * @param data JSON, with the ids of the subject
 */
public record Event(
        String eventId, String customerId, long at, EventType type, int typeVersion, Subject subject, String data) {
    private static final JsonType<Object> JSON = JsonMappers.mapper().build().type(Object.class);

    /** The data of what happens, with its subject's ids, as JSON. */
    static String json(NewEvent happened) {
        Map<String, Object> told = new TreeMap<>(happened.data());
        Subject subject = happened.subject();
        subject.nodeId().ifPresent(id -> told.put("node_id", id));
        subject.instanceId().ifPresent(id -> told.put("node_service_instance_id", id));
        subject.serviceId().ifPresent(id -> told.put("node_service_id", id));
        subject.rolloutId().ifPresent(id -> told.put("rollout_id", id));
        subject.webhookId().ifPresent(id -> told.put("webhook_id", id));
        return JSON.toJson(told);
    }

    /**
     * The whole event as receivers get it: {@code {"id", "type", "version", "timestamp", "customer_id", "data"}}. The same bytes at each
     * call.
     */
    public byte[] message() {
        Map<String, Object> head = new LinkedHashMap<>();
        head.put("id", eventId);
        head.put("type", type.word());
        head.put("version", typeVersion);
        head.put("timestamp", Instant.ofEpochMilli(at).toString());
        head.put("customer_id", customerId);
        String open = JSON.toJson(head);
        return (open.substring(0, open.length() - 1) + ",\"data\":" + data + "}").getBytes(StandardCharsets.UTF_8);
    }
}
