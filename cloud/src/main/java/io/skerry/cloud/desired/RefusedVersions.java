package io.skerry.cloud.desired;

import io.avaje.jsonb.JsonType;
import io.skerry.cloud.event.EventType;
import io.skerry.cloud.event.Events;
import io.skerry.cloud.event.NewEvent;
import io.skerry.cloud.event.Subject;
import io.skerry.spec.JsonMappers;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jdbi.v3.core.Handle;

/**
 * Makes events of versions that a device can't have, which it is therefore never asked to run: told once for a version and a reason,
 * and again only after the device could have what was asked for.
 */
final class RefusedVersions {
    private static final JsonType<Map<String, String>> JSON =
            JsonMappers.mapper().build().type(String.class).map();

    private final Events events;

    RefusedVersions(Events events) {
        this.events = events;
    }

    /** Tells what wasn't told of the node before, within the work that makes it so. */
    void tell(Handle h, Fleet.Question question, Map<String, Target> targets, Map<String, String> told) {
        Map<String, String> now = new TreeMap<>();
        targets.forEach((id, target) -> {
            if (target instanceof Target.Refused refused) {
                now.put(id, refused.chosen() + " " + refused.problem().code());
            }
        });
        if (now.equals(told)) {
            return;
        }
        for (Fleet.Instance instance : question.instances()) {
            String id = instance.instanceId();
            if (targets.get(id) instanceof Target.Refused refused && !Objects.equals(now.get(id), told.get(id))) {
                events.append(h, event(question, instance, refused));
            }
        }
        h.createUpdate("UPDATE desired_states SET refusals_told = :told WHERE node_id = :id")
                .bind("told", JSON.toJson(now))
                .bind("id", question.node().nodeId())
                .execute();
    }

    /** What was told, as it is kept. */
    static Map<String, String> told(String json) {
        return Map.copyOf(JSON.fromJson(json));
    }

    private static NewEvent event(Fleet.Question question, Fleet.Instance instance, Target.Refused refused) {
        Fleet.Node node = question.node();
        Map<String, Object> data = new HashMap<>();
        data.put("node_name", node.name());
        data.put(
                "service_name",
                Objects.requireNonNull(question.services().get(instance.serviceId()))
                        .name());
        data.put("version", refused.chosen());
        refused.kept().ifPresent(v -> data.put("from_version", v));
        data.put("reason", NewEvent.problem(refused.problem()));
        return new NewEvent(
                node.customerId(),
                EventType.INSTANCE_UPDATE_FAILED,
                Subject.instance(node.nodeId(), instance.instanceId(), instance.serviceId()),
                data);
    }
}
