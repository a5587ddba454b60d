package io.skerry.cloud.observation;

import io.skerry.cloud.event.EventType;
import io.skerry.cloud.event.Events;
import io.skerry.cloud.event.NewEvent;
import io.skerry.cloud.event.Subject;
import io.skerry.cloud.instance.DeviceWords;
import io.skerry.cloud.node.StatusChanges;
import io.skerry.spec.Digest;
import io.skerry.spec.desired.Container;
import io.skerry.spec.desired.Documents;
import io.skerry.spec.desired.Position;
import io.skerry.spec.desired.ServiceVersion;
import io.skerry.spec.status.DeviceStatus;
import io.skerry.spec.status.GivenUp;
import io.skerry.spec.status.Outcome;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;

/**
 * Makes events of what devices say. A status in which nothing that counts is other than in the one before costs one look-up by the primary
 * key and no write.
 */
public final class StatusObserver implements StatusChanges {
    private static final Asked NOTHING = new Asked(Position.NONE, Digest.of(new byte[0]), Map.of());

    private final Events events;
    private final InstantSource time;

    public StatusObserver(Events events, InstantSource time) {
        this.events = events;
        this.time = time;
    }

    /** What is known of the device: seen and told are empty when nothing was told of it yet. */
    private record Known(String customerId, String name, Optional<String> seen, Optional<String> told) {}

    @Override
    public void reported(Handle h, String nodeId, DeviceStatus status) {
        String counts = counts(status);
        Optional<Known> known = h.createQuery("SELECT n.customer_id, n.name, t.seen, t.told FROM nodes n"
                        + " LEFT JOIN node_status_told t ON t.node_id = n.node_id WHERE n.node_id = :id")
                .bind("id", nodeId)
                .map((rs, c) -> new Known(
                        rs.getString("customer_id"),
                        rs.getString("name"),
                        Optional.ofNullable(rs.getString("seen")),
                        Optional.ofNullable(rs.getString("told"))))
                .findOne();
        // It may have been removed while it reported.
        known.filter(k -> k.seen.filter(counts::equals).isEmpty()).ifPresent(k -> {
            long now = time.millis();
            Optional<StatusTold> before = k.told.map(StatusTold.JSON::fromJson);
            if (before.isEmpty() && status.revision().current() > 0) {
                StatusTold.firstOf(status, now).ifPresent(first -> keep(h, nodeId, counts, first));
                return;
            }
            StatusReading.Result result =
                    StatusReading.of(before.orElseGet(() -> StatusTold.nothing(now)), status, asked(h, nodeId), now);
            result.observed().forEach(one -> events.append(h, event(k, nodeId, one, status)));
            // Seen is what has been told whole; else the next status is read anew, be it the same.
            keep(h, nodeId, result.complete() ? counts : "", result.told());
        });
    }

    private static void keep(Handle h, String nodeId, String seen, StatusTold told) {
        h.createUpdate("INSERT INTO node_status_told (node_id, seen, told) VALUES (:id, :seen, :told)"
                        + " ON CONFLICT (node_id) DO UPDATE SET seen = excluded.seen, told = excluded.told")
                .bind("id", nodeId)
                .bind("seen", seen)
                .bind("told", StatusTold.JSON.toJson(told))
                .execute();
    }

    private static Asked asked(Handle h, String nodeId) {
        return h.createQuery("SELECT epoch, serial, workload FROM desired_states WHERE node_id = :id")
                .bind("id", nodeId)
                .map((rs, c) -> {
                    String workload = rs.getString("workload");
                    return new Asked(
                            new Position(rs.getLong("epoch"), rs.getLong("serial")),
                            // As it was told: a workload's digest is that of its JSON.
                            Digest.of(workload.getBytes(StandardCharsets.UTF_8)),
                            versions(Documents.WORKLOAD.fromJson(workload).containers()));
                })
                .findOne()
                .orElse(NOTHING);
    }

    private static Map<String, ServiceVersion> versions(Map<String, Container> containers) {
        return containers.entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, e -> e.getValue().service()));
    }

    /** The hash of all in a status that counts here; two statuses of the same hash tell the same. */
    static String counts(DeviceStatus status) {
        var words = new StringBuilder();
        var revision = status.revision();
        words.append(status.accepted())
                .append('|')
                .append(revision.current())
                .append('|')
                .append(revision.trying().isPresent())
                .append('|')
                .append(revision.phase().word())
                .append('|');
        revision.outcome()
                .ifPresent(o -> words.append(o.result().word())
                        .append(o.workload().value())
                        .append(o.reason().map(r -> r.problem().code()).orElse("")));
        status.containers().stream()
                .map(c -> c.name() + " " + c.service().version())
                .sorted()
                .forEach(c -> words.append('|').append(c));
        revision.heldBack().stream()
                .map(f -> f.name() + " "
                        + StatusReading.failure(
                                f.wanted().version(), f.result(), f.reason().problem()))
                .sorted()
                .forEach(f -> words.append('|').append(f));
        revision.waits().stream()
                .flatMap(w -> w.containers().stream())
                .map(w -> w.name())
                .sorted()
                .forEach(w -> words.append('|').append(w));
        revision.allGivenUp().stream()
                .map(StatusReading::restoration)
                .sorted()
                .forEach(r -> words.append('|').append(r));
        status.problems().stream()
                .map(p -> p.code())
                .sorted()
                .forEach(p -> words.append('|').append(p));
        return Digest.of(words.toString().getBytes(StandardCharsets.UTF_8)).hex();
    }

    private static NewEvent event(Known known, String nodeId, Observed one, DeviceStatus status) {
        return switch (one) {
            case Observed.Begun begun ->
                ofInstance(
                        known,
                        nodeId,
                        EventType.INSTANCE_UPDATE_BEGUN,
                        begun.instanceId(),
                        data(known, begun.version(), begun.from()),
                        begun.version());
            case Observed.Committed committed ->
                ofInstance(
                        known,
                        nodeId,
                        EventType.INSTANCE_UPDATE_COMMITTED,
                        committed.instanceId(),
                        data(known, committed.version(), committed.from()),
                        committed.version());
            case Observed.Failed failed -> {
                Map<String, Object> data = data(known, failed.version(), failed.from());
                data.put(
                        "reason",
                        NewEvent.problem(
                                DeviceWords.reason(failed.reason(), status).problem()));
                yield ofInstance(
                        known,
                        nodeId,
                        failed.result() == Outcome.Result.ROLLED_BACK
                                ? EventType.INSTANCE_UPDATE_ROLLED_BACK
                                : EventType.INSTANCE_UPDATE_FAILED,
                        failed.instanceId(),
                        data,
                        failed.version());
            }
            case Observed.Restored restored -> restored(known, nodeId, restored);
            case Observed.ProblemBegan began ->
                new NewEvent(
                        known.customerId,
                        EventType.NODE_PROBLEM_BEGAN,
                        Subject.node(nodeId),
                        Map.of("node_name", known.name, "problem", NewEvent.problem(began.problem())));
            case Observed.ProblemEnded ended ->
                new NewEvent(
                        known.customerId,
                        EventType.NODE_PROBLEM_ENDED,
                        Subject.node(nodeId),
                        Map.of("node_name", known.name, "code", NewEvent.words(ended.code())));
        };
    }

    private static NewEvent restored(Known known, String nodeId, Observed.Restored restored) {
        GivenUp.Interval interval = restored.givenUp();
        String instanceId = NewEvent.words(interval.container());
        Map<String, Object> data = new HashMap<>();
        data.put("node_name", known.name);
        restored.service().ifPresent(s -> data.put("service_name", NewEvent.words(s.name())));
        data.put("volume", NewEvent.words(interval.volume()));
        data.put("revision", interval.revision());
        data.put("taken_at", Instant.ofEpochMilli(interval.takenAt()).toString());
        data.put("restored_at", Instant.ofEpochMilli(interval.restoredAt()).toString());
        return new NewEvent(
                known.customerId,
                EventType.INSTANCE_VOLUME_RESTORED,
                restored.service()
                        .map(s -> Subject.instance(nodeId, instanceId, NewEvent.words(s.id())))
                        .orElseGet(() -> Subject.instance(nodeId, instanceId)),
                data);
    }

    private static Map<String, Object> data(Known known, ServiceVersion version, Optional<Long> from) {
        Map<String, Object> data = new HashMap<>();
        data.put("node_name", known.name);
        data.put("service_name", NewEvent.words(version.name()));
        data.put("version", version.version());
        from.ifPresent(v -> data.put("from_version", v));
        return data;
    }

    private static NewEvent ofInstance(
            Known known,
            String nodeId,
            EventType type,
            String instanceId,
            Map<String, Object> data,
            ServiceVersion version) {
        return new NewEvent(
                known.customerId, type, Subject.instance(nodeId, instanceId, NewEvent.words(version.id())), data);
    }
}
