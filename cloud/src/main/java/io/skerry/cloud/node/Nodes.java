package io.skerry.cloud.node;

import io.avaje.jsonb.JsonType;
import io.skerry.cloud.storage.Page;
import io.skerry.cloud.storage.Storage;
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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;

/** The enrolled devices. */
public final class Nodes {
    static final JsonType<Capabilities> CAPABILITIES = Wire.lenient(Capabilities.class);

    private final Storage storage;
    private final InstantSource time;
    private final Identities identities;
    private final Presence presence;
    private final Consumer<String> onRemoved;

    /** @param onRemoved told the id of each removed node, once it is gone */
    public Nodes(
            Storage storage, InstantSource time, Identities identities, Presence presence, Consumer<String> onRemoved) {
        this.storage = storage;
        this.time = time;
        this.identities = identities;
        this.presence = presence;
        this.onRemoved = onRemoved;
    }

    public Optional<NodeRecord> get(String nodeId) {
        return storage.read(h -> get(h, nodeId));
    }

    /** As {@link #get(String)}, within a piece of work. */
    public Optional<NodeRecord> get(Handle h, String nodeId) {
        return h.createQuery("SELECT * FROM nodes WHERE node_id = :id")
                .bind("id", nodeId)
                .map((rs, c) -> node(rs))
                .findOne();
    }

    public Optional<NodeRecord> byName(String customerId, String name) {
        return storage.read(h -> h.createQuery("SELECT * FROM nodes WHERE customer_id = :customer AND name = :name")
                .bind("customer", customerId)
                .bind("name", name)
                .map((rs, c) -> node(rs))
                .findOne());
    }

    /** Those of these ids that there are, by id. */
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

    /** A customer's first nodes in the order of their enrolment. */
    public Page<NodeRecord> list(String customerId, int take) {
        return listAfter(customerId, take, "");
    }

    /** The customer's nodes after the one that the cursor names. */
    public Page<NodeRecord> listAfter(String customerId, int take, String cursor) {
        return storage.read(h -> Page.of(
                h.createQuery("SELECT * FROM nodes WHERE customer_id = :customer AND node_id > :cursor"
                                + " ORDER BY node_id LIMIT :most")
                        .bind("customer", customerId)
                        .bind("cursor", cursor)
                        .bind("most", take + 1)
                        .map((rs, c) -> node(rs))
                        .list(),
                take,
                NodeRecord::nodeId));
    }

    public boolean online(String nodeId) {
        return presence.online(nodeId);
    }

    /**
     * Forgets a node and refuses its key from now on; its instances go with it.
     *
     * @throws io.skerry.spec.ProblemException {@code node.unknown}
     */
    public void remove(String nodeId) {
        storage.write(h -> {
            NodeRecord node = get(h, nodeId).orElseThrow(() -> unknown(nodeId).asException());
            h.execute("DELETE FROM instances WHERE node_id = ?", nodeId);
            h.execute("DELETE FROM desired_states WHERE node_id = ?", nodeId);
            h.execute("DELETE FROM nodes WHERE node_id = ?", nodeId);
            h.execute(
                    "INSERT INTO revoked_keys (key_fingerprint, revoked_at) VALUES (?, ?)",
                    node.keyFingerprint(),
                    time.millis());
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
                CAPABILITIES.fromJson(rs.getString("capabilities")),
                status == null
                        ? Optional.empty()
                        : Optional.of(Wire.read(
                                DeviceStatus.JSON, status.getBytes(StandardCharsets.UTF_8), "A node's status")),
                instant(rs, "status_at"),
                presence.lastSeen(nodeId).or(() -> lastSeen(rs)),
                rs.getLong("created_at"));
    }

    private static Optional<Long> lastSeen(ResultSet rs) {
        try {
            return instant(rs, "last_seen_at");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Optional<Long> instant(ResultSet rs, String column) throws SQLException {
        long value = rs.getLong(column);
        return rs.wasNull() ? Optional.empty() : Optional.of(value);
    }
}
