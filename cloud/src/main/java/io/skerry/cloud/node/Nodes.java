package io.skerry.cloud.node;

import io.avaje.jsonb.JsonType;
import io.skerry.cloud.event.EventType;
import io.skerry.cloud.event.Events;
import io.skerry.cloud.event.NewEvent;
import io.skerry.cloud.event.Subject;
import io.skerry.cloud.replica.ChangeLog;
import io.skerry.cloud.replica.FleetChange;
import io.skerry.cloud.storage.Columns;
import io.skerry.cloud.storage.ConstraintViolation;
import io.skerry.cloud.storage.Page;
import io.skerry.cloud.storage.Storage;
import io.skerry.cloud.tenancy.ApiKeys;
import io.skerry.cloud.tenancy.AuditLog;
import io.skerry.cloud.tenancy.Caller;
import io.skerry.cloud.tenancy.Change;
import io.skerry.cloud.tenancy.Groups;
import io.skerry.cloud.tenancy.PlaceChanges;
import io.skerry.spec.JsonMappers;
import io.skerry.spec.Names;
import io.skerry.spec.Problem;
import io.skerry.spec.Text;
import io.skerry.spec.Wire;
import io.skerry.spec.status.Capabilities;
import io.skerry.spec.status.DeviceStatus;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;

/** The enrolled devices. */
public final class Nodes {
    static final JsonType<Capabilities> CAPABILITIES = Wire.lenient(Capabilities.class);
    private static final JsonType<Map<String, String>> ATTRIBUTES =
            JsonMappers.mapper().build().type(String.class).map();

    private final Storage storage;
    private final InstantSource time;
    private final Identities identities;
    private final Presence presence;
    private final ApiKeys keys;
    private final AuditLog audit;
    private final Events events;
    private final PlaceChanges places;
    private final ChangeLog changes;
    private final Consumer<String> onRemoved;

    /**
     * @param places told of a node that stands elsewhere from now on
     * @param changes told of each node that is removed here
     * @param onRemoved told the id of each removed node, once it is gone
     */
    public Nodes(
            Storage storage,
            InstantSource time,
            Identities identities,
            Presence presence,
            ApiKeys keys,
            AuditLog audit,
            Events events,
            PlaceChanges places,
            ChangeLog changes,
            Consumer<String> onRemoved) {
        this.storage = storage;
        this.time = time;
        this.identities = identities;
        this.presence = presence;
        this.keys = keys;
        this.audit = audit;
        this.events = events;
        this.places = places;
        this.changes = changes;
        this.onRemoved = onRemoved;
    }

    public Optional<NodeRecord> get(String nodeId) {
        return storage.read(h -> get(h, nodeId));
    }

    /** As {@link #get(String)}, within a piece of work. */
    public Optional<NodeRecord> get(Handle h, String nodeId) {
        return labelled(
                        h,
                        h.createQuery("SELECT * FROM nodes WHERE node_id = :id")
                                .bind("id", nodeId)
                                .map((rs, c) -> node(rs))
                                .list())
                .stream()
                .findFirst();
    }

    /** Those of these ids that there are, by id; without their labels. */
    public Map<String, NodeRecord> byIds(Collection<String> nodeIds) {
        if (nodeIds.isEmpty()) {
            return Map.of();
        }
        return storage.read(h -> h
                .createQuery("SELECT * FROM nodes WHERE node_id IN (<ids>)")
                .bindList("ids", List.copyOf(nodeIds))
                .map((rs, c) -> node(rs))
                .list()
                .stream()
                .collect(Collectors.toMap(NodeRecord::nodeId, Function.identity())));
    }

    /**
     * A customer's nodes in the order of their enrolment.
     *
     * @param cursor the id after which to begin; empty for the beginning
     */
    public Page<NodeRecord> list(String customerId, NodeFilter filter, int take, String cursor) {
        List<Map.Entry<String, String>> labels = List.copyOf(filter.labels().entrySet());
        StringBuilder sql = new StringBuilder(
                "SELECT n.* FROM nodes n WHERE n.customer_id = :customer" + " AND n.node_id > :cursor");
        if (filter.nodeId().isPresent()) {
            sql.append(" AND n.node_id = :node");
        }
        if (filter.name().isPresent()) {
            sql.append(" AND n.name = :name");
        }
        if (filter.group().isPresent()) {
            sql.append(
                    filter.nested()
                            ? " AND n.group_id IN (SELECT g.group_id FROM node_groups g WHERE g.customer_id = :customer"
                                    + " AND substr(g.path || '/', 1, :length) = :path)"
                            : " AND n.group_id = :group");
        }
        for (int i = 0; i < labels.size(); i++) {
            sql.append(" AND EXISTS (SELECT 1 FROM node_labels l WHERE l.node_id = n.node_id AND l.name = :label")
                    .append(i)
                    .append(" AND l.value = :value")
                    .append(i)
                    .append(")");
        }
        sql.append(" ORDER BY n.node_id LIMIT :most");
        return storage.read(h -> {
            Query query = h.createQuery(sql.toString())
                    .bind("customer", customerId)
                    .bind("cursor", cursor)
                    .bind("most", take + 1);
            filter.nodeId().ifPresent(id -> query.bind("node", id));
            filter.name().ifPresent(name -> query.bind("name", name));
            filter.group().ifPresent(group -> {
                if (filter.nested()) {
                    query.bind("path", group.path() + "/")
                            .bind("length", group.path().length() + 1);
                } else {
                    query.bind("group", group.groupId());
                }
            });
            for (int i = 0; i < labels.size(); i++) {
                query.bind("label" + i, labels.get(i).getKey())
                        .bind("value" + i, labels.get(i).getValue());
            }
            return Page.of(labelled(h, query.map((rs, c) -> node(rs)).list()), take, NodeRecord::nodeId);
        });
    }

    private static List<NodeRecord> labelled(Handle h, List<NodeRecord> nodes) {
        if (nodes.isEmpty()) {
            return nodes;
        }
        Map<String, Map<String, String>> labels = new HashMap<>();
        h.createQuery("SELECT node_id, name, value FROM node_labels WHERE node_id IN (<ids>)")
                .bindList("ids", nodes.stream().map(NodeRecord::nodeId).toList())
                .map((rs, c) -> labels.computeIfAbsent(rs.getString("node_id"), _ -> new TreeMap<>())
                        .put(rs.getString("name"), rs.getString("value")))
                .list();
        return nodes.stream()
                .map(n -> n.withLabels(labels.getOrDefault(n.nodeId(), Map.of())))
                .toList();
    }

    /**
     * Changes what operators say of a node.
     *
     * @throws io.skerry.spec.ProblemException {@code node.unknown}, {@code node.exists}, {@code name.malformed}, {@code
     *     group.unknown}, {@code node.label-malformed}, {@code node.attribute-malformed}, {@code node.too-many}, {@code
     *     instance.needed}
     */
    public void change(String nodeId, NodeChange change, Caller caller) {
        change.name().ifPresent(name -> Names.checked("A node", name));
        change.labels().ifPresent(NodeWords::labels);
        change.attributes().ifPresent(NodeWords::attributes);
        try {
            storage.write(h -> {
                NodeRecord node = required(h, nodeId, caller);
                change.place()
                        .flatMap(NodeChange.Place::groupId)
                        .ifPresent(group -> Groups.required(h, node.customerId(), group));
                store(h, node, change);
                NodeRecord now = get(h, nodeId).orElseThrow();
                noteDifference(h, node, now, caller);
                if (!now.groupId().equals(node.groupId())) {
                    places.moved(h, List.of(nodeId), caller.actor());
                }
                return now;
            });
        } catch (ConstraintViolation e) {
            throw new Problem(
                            "node.exists",
                            "There is a node named '" + change.name().orElse("") + "' already.",
                            "Choose another name.")
                    .asException(e);
        }
    }

    private static void store(Handle h, NodeRecord node, NodeChange change) {
        String id = node.nodeId();
        change.name().ifPresent(name -> h.execute("UPDATE nodes SET name = ? WHERE node_id = ?", name, id));
        change.place()
                .ifPresent(place -> h.execute(
                        "UPDATE nodes SET group_id = ? WHERE node_id = ?",
                        place.groupId().orElse(null),
                        id));
        change.attributes()
                .ifPresent(all ->
                        h.execute("UPDATE nodes SET attributes = ? WHERE node_id = ?", ATTRIBUTES.toJson(all), id));
        change.labels().ifPresent(all -> {
            h.execute("DELETE FROM node_labels WHERE node_id = ?", id);
            all.forEach((name, value) ->
                    h.execute("INSERT INTO node_labels (node_id, name, value) VALUES (?, ?, ?)", id, name, value));
        });
    }

    /** Only what differs: the rest may be long. */
    private void noteDifference(Handle h, NodeRecord node, NodeRecord now, Caller caller) {
        Map<String, Object> before = new TreeMap<>(told(node));
        Map<String, Object> after = new TreeMap<>(told(now));
        told(node).forEach((name, value) -> {
            if (value.equals(after.get(name))) {
                before.remove(name);
                after.remove(name);
            }
        });
        if (!after.isEmpty()) {
            audit.note(h, caller.actor(), change("DM_update_node", node, before, after));
        }
    }

    private static Change change(
            String operation, NodeRecord node, Map<String, Object> before, Map<String, Object> after) {
        return new Change(Optional.of(node.customerId()), operation, "node", node.nodeId(), node.name(), before, after);
    }

    private static Map<String, Object> told(NodeRecord node) {
        return Map.of(
                "name",
                node.name(),
                "group_id",
                node.groupId().orElse(""),
                "labels",
                node.labels(),
                "attributes",
                node.attributes());
    }

    private NodeRecord required(Handle h, String nodeId, Caller caller) {
        return get(h, nodeId)
                .filter(n -> caller.sees(n.customerId()))
                .orElseThrow(() -> unknown(nodeId).asException());
    }

    public boolean online(String nodeId) {
        return presence.online(nodeId);
    }

    /**
     * Forgets a node and refuses its key from now on; its instances go with it.
     *
     * @throws io.skerry.spec.ProblemException {@code node.unknown}
     */
    public void remove(String nodeId, Caller caller) {
        storage.write(h -> {
            NodeRecord node = required(h, nodeId, caller);
            keys.revokeOf(h, nodeId, caller.actor());
            audit.note(h, caller.actor(), change("DM_remove_node", node, told(node), Map.of()));
            events.append(
                    h,
                    new NewEvent(
                            node.customerId(),
                            EventType.NODE_REMOVED,
                            Subject.node(nodeId),
                            Map.of("node_name", node.name())));
            h.execute("DELETE FROM node_labels WHERE node_id = ?", nodeId);
            h.execute(
                    "DELETE FROM instance_files WHERE instance_id IN"
                            + " (SELECT instance_id FROM instances WHERE node_id = ?)",
                    nodeId);
            h.execute("DELETE FROM instances WHERE node_id = ?", nodeId);
            h.execute("DELETE FROM desired_states WHERE node_id = ?", nodeId);
            h.execute("DELETE FROM nodes WHERE node_id = ?", nodeId);
            h.execute(
                    "INSERT INTO revoked_keys (key_fingerprint, revoked_at) VALUES (?, ?)",
                    node.keyFingerprint(),
                    time.millis());
            changes.note(h, new FleetChange.Removed(nodeId, node.keyFingerprint()));
            storage.afterCommit(() -> {
                identities.removed(node.keyFingerprint());
                presence.forget(nodeId);
                onRemoved.accept(nodeId);
            });
            return node;
        });
    }

    /** What is said of a node that isn't there, or is another customer's. */
    public static Problem unknown(String nodeId) {
        return new Problem(
                "node.unknown",
                "There is no node '" + Text.shortened(nodeId, 60) + "'.",
                "Look the ids up with DM_get_nodes or 'skerry node ls'.");
    }

    private NodeRecord node(ResultSet rs) throws SQLException {
        String nodeId = rs.getString("node_id");
        String status = rs.getString("status");
        return new NodeRecord(
                nodeId,
                rs.getString("customer_id"),
                rs.getString("name"),
                rs.getString("key_fingerprint"),
                Optional.ofNullable(rs.getString("group_id")),
                Map.of(),
                ATTRIBUTES.fromJson(rs.getString("attributes")),
                CAPABILITIES.fromJson(rs.getString("capabilities")),
                status == null
                        ? Optional.empty()
                        : Optional.of(Wire.read(
                                DeviceStatus.JSON, status.getBytes(StandardCharsets.UTF_8), "A node's status")),
                Columns.number(rs, "status_at"),
                presence.lastSeen(nodeId).or(() -> lastSeen(rs)),
                rs.getLong("created_at"));
    }

    private static Optional<Long> lastSeen(ResultSet rs) {
        try {
            return Columns.number(rs, "last_seen_at");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
