package io.skerry.cloud.observation;

import io.skerry.cloud.event.EventType;
import io.skerry.cloud.event.Events;
import io.skerry.cloud.event.NewEvent;
import io.skerry.cloud.event.Subject;
import io.skerry.cloud.node.Presence;
import io.skerry.cloud.storage.Columns;
import io.skerry.cloud.storage.Storage;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jdbi.v3.core.Handle;

/**
 * Makes events of devices' coming and going. Since when a device is other than was told is known to this process alone: one that is started
 * anew counts from its start, so that it tells of nobody as away who only hasn't called yet.
 */
public final class PresenceObserver {
    private static final int AT_ONCE = 100;
    private static final int FETCHED_AT_ONCE = 1_000;

    private final Storage storage;
    private final Presence presence;
    private final Events events;
    private final InstantSource time;
    private final ReentrantLock looking = new ReentrantLock();
    /** Since when each device is other than was told. */
    private final Map<String, Long> differing = new HashMap<>();

    public PresenceObserver(Storage storage, Presence presence, Events events, InstantSource time) {
        this.storage = storage;
        this.presence = presence;
        this.events = events;
        this.time = time;
    }

    /** A device that is other than was told. */
    private record Row(String nodeId, String customerId, String name, PresenceTold told, boolean online) {}

    /** Tells what there is to tell; called every few seconds, and one call at a time does it. */
    public void look() {
        if (looking.tryLock()) {
            try {
                Presence.Listening meanwhile = presence.listening();
                List<Row> others = storage.read(this::others);
                if (others.stream().allMatch(Row::online)) {
                    presence.allBack(meanwhile);
                }
                tell(due(others));
            } finally {
                looking.unlock();
            }
        }
    }

    private List<Row> due(List<Row> others) {
        long now = time.millis();
        List<Row> due = new ArrayList<>();
        Set<String> other = new HashSet<>();
        for (Row row : others) {
            if (!row.online && !presence.isSettled()) {
                continue;
            }
            other.add(row.nodeId);
            long since = differing.computeIfAbsent(row.nodeId, _ -> now);
            if (now - since >= row.told.holdAt(now).toMillis()) {
                due.add(row);
            }
        }
        differing.keySet().retainAll(other);
        return due;
    }

    private void tell(List<Row> due) {
        for (int from = 0; from < due.size(); from += AT_ONCE) {
            List<Row> some = due.subList(from, Math.min(due.size(), from + AT_ONCE));
            storage.write(h -> {
                some.forEach(row -> tell(h, row));
                return some;
            });
        }
    }

    private void tell(Handle h, Row row) {
        PresenceTold now = row.told.changed(time.millis());
        // Nobody's who was removed meanwhile, and once only where several processes look.
        boolean first =
                h.createUpdate("UPDATE node_presence_told SET online = :online, changed_at = :at, flaps = :flaps"
                                        + " WHERE node_id = :id AND changed_at = :before")
                                .bind("online", now.online() ? 1 : 0)
                                .bind("at", now.changedAt())
                                .bind("flaps", now.flaps())
                                .bind("id", row.nodeId)
                                .bind("before", row.told.changedAt())
                                .execute()
                        == 1;
        if (!first) {
            first = h.createUpdate("INSERT INTO node_presence_told (node_id, online, changed_at, flaps)"
                                    + " SELECT node_id, :online, :at, :flaps FROM nodes WHERE node_id = :id"
                                    + " ON CONFLICT DO NOTHING")
                            .bind("online", now.online() ? 1 : 0)
                            .bind("at", now.changedAt())
                            .bind("flaps", now.flaps())
                            .bind("id", row.nodeId)
                            .execute()
                    == 1;
        }
        if (first) {
            events.append(
                    h,
                    new NewEvent(
                            row.customerId,
                            now.online() ? EventType.NODE_ONLINE : EventType.NODE_OFFLINE,
                            Subject.node(row.nodeId),
                            Map.of("node_name", row.name)));
        }
    }

    private List<Row> others(Handle h) {
        // A large fleet's rows are passed by rather than held.
        return h.createQuery("SELECT n.node_id, n.customer_id, n.name, p.online, p.changed_at, p.flaps FROM nodes n"
                        + " LEFT JOIN node_presence_told p ON p.node_id = n.node_id")
                .setFetchSize(FETCHED_AT_ONCE)
                .map((rs, c) -> row(rs))
                .withStream(rows ->
                        rows.filter(row -> row.online != row.told.online()).toList());
    }

    private Row row(ResultSet rs) throws SQLException {
        String nodeId = rs.getString("node_id");
        Optional<Long> online = Columns.number(rs, "online");
        return new Row(
                nodeId,
                rs.getString("customer_id"),
                rs.getString("name"),
                online.isEmpty()
                        ? PresenceTold.NEVER
                        : new PresenceTold(online.get() == 1, rs.getLong("changed_at"), rs.getInt("flaps")),
                presence.online(nodeId));
    }
}
