package io.skerry.cloud.rollout;

import io.avaje.jsonb.JsonType;
import io.skerry.cloud.storage.Columns;
import io.skerry.cloud.storage.Storage;
import io.skerry.spec.Problem;
import io.skerry.spec.Wire;
import io.skerry.spec.desired.Container;
import io.skerry.spec.desired.Documents;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jspecify.annotations.Nullable;

/** The tables of roll-outs. */
final class RolloutRows {
    private static final String FOLLOWERS =
            "SELECT i.instance_id, i.node_id, d.workload, r.node_id AS untold FROM instances i"
                    + " LEFT JOIN desired_states d ON d.node_id = i.node_id"
                    + " LEFT JOIN nodes_to_refresh r ON r.node_id = i.node_id"
                    + " WHERE i.service_id = :id AND i.selector IS NULL";

    private static final JsonType<Problem> PROBLEM = Wire.lenient(Problem.class);

    private RolloutRows() {}

    static Optional<RolloutPolicy> policy(Handle h, String serviceId) {
        return h.createQuery("SELECT policy FROM rollout_policies WHERE service_id = :id")
                .bind("id", serviceId)
                .map((rs, c) -> RolloutPolicy.JSON.fromJson(rs.getString("policy")))
                .findOne();
    }

    static void keepPolicy(
            Handle h,
            String serviceId,
            @SuppressWarnings("OptionalUsedAsFieldOrParameterType") Optional<RolloutPolicy> policy) {
        h.execute("DELETE FROM rollout_policies WHERE service_id = ?", serviceId);
        policy.ifPresent(p -> h.execute(
                "INSERT INTO rollout_policies (service_id, policy) VALUES (?, ?)",
                serviceId,
                RolloutPolicy.JSON.toJson(p)));
    }

    static Optional<Rollout> find(Handle h, String rolloutId) {
        return h.createQuery("SELECT * FROM rollouts WHERE rollout_id = :id")
                .bind("id", rolloutId)
                .map((rs, c) -> row(rs))
                .findOne();
    }

    /** The service's newest one. */
    static Optional<Rollout> newest(Handle h, String serviceId) {
        return h.createQuery("SELECT * FROM rollouts WHERE service_id = :id ORDER BY rollout_id DESC LIMIT 1")
                .bind("id", serviceId)
                .map((rs, c) -> row(rs))
                .findOne();
    }

    /** The newest one of a version of the service. */
    static Optional<Rollout> newest(Handle h, String serviceId, long version) {
        return h.createQuery("SELECT * FROM rollouts WHERE service_id = :id AND version = :version"
                        + " ORDER BY rollout_id DESC LIMIT 1")
                .bind("id", serviceId)
                .bind("version", version)
                .map((rs, c) -> row(rs))
                .findOne();
    }

    /** Those of which something may still come, of all customers. */
    static List<Rollout> active(Handle h) {
        return h.createQuery(
                        "SELECT * FROM rollouts WHERE state IN ('waiting', 'running', 'paused', 'awaiting-approval')"
                                + " ORDER BY rollout_id")
                .map((rs, c) -> row(rs))
                .list();
    }

    static void insert(Handle h, Rollout rollout) {
        h.createUpdate(
                        "INSERT INTO rollouts (rollout_id, customer_id, service_id, version, from_version, policy, state,"
                                + " phase, good_since, tolerated, reason, created_at, changed_at) VALUES (:id, :customer,"
                                + " :service, :version, :from, :policy, :state, :phase, :good, :tolerated, :reason, :created,"
                                + " :changed)")
                .bind("id", rollout.rolloutId())
                .bind("customer", rollout.customerId())
                .bind("service", rollout.serviceId())
                .bind("version", rollout.version())
                .bind("from", rollout.from())
                .bind("policy", RolloutPolicy.JSON.toJson(rollout.policy()))
                .bind("state", rollout.state().word())
                .bind("phase", rollout.phase())
                .bind("good", rollout.goodSince())
                .bind("tolerated", rollout.tolerated())
                .bind("reason", rollout.reason().map(PROBLEM::toJson))
                .bind("created", rollout.createdAt())
                .bind("changed", rollout.changedAt())
                .execute();
    }

    static void update(Handle h, Rollout rollout) {
        h.createUpdate("UPDATE rollouts SET policy = :policy, state = :state, phase = :phase, good_since = :good,"
                        + " tolerated = :tolerated, reason = :reason, changed_at = :changed WHERE rollout_id = :id")
                .bind("id", rollout.rolloutId())
                .bind("policy", RolloutPolicy.JSON.toJson(rollout.policy()))
                .bind("state", rollout.state().word())
                .bind("phase", rollout.phase())
                .bind("good", rollout.goodSince())
                .bind("tolerated", rollout.tolerated())
                .bind("reason", rollout.reason().map(PROBLEM::toJson))
                .bind("changed", rollout.changedAt())
                .execute();
    }

    /** Those members that follow the newest version still: who is pinned or disabled goes a way of its own. */
    static List<Member> members(Handle h, String rolloutId) {
        return h.createQuery("SELECT m.*, i.node_id FROM rollout_members m JOIN instances i"
                        + " ON i.instance_id = m.instance_id WHERE m.rollout_id = :id AND i.selector IS NULL"
                        + " ORDER BY m.phase, m.instance_id")
                .bind("id", rolloutId)
                .map((rs, c) -> member(rs))
                .list();
    }

    static void insertMembers(Handle h, String rolloutId, Collection<Member> members) {
        if (members.isEmpty()) {
            return;
        }
        PreparedBatch batch =
                h.prepareBatch("INSERT INTO rollout_members (rollout_id, instance_id, phase, before_version,"
                        + " admitted, stand) VALUES (:rollout, :instance, :phase, :before, :admitted, :stand)");
        members.forEach(m -> batch.bind("rollout", rolloutId)
                .bind("instance", m.instanceId())
                .bind("phase", m.phase())
                .bind("before", m.before())
                .bind("admitted", m.admitted() ? 1 : 0)
                .bind("stand", m.stand().word())
                .add());
        batch.execute();
    }

    static void updateMember(Handle h, String rolloutId, Member member) {
        h.createUpdate("UPDATE rollout_members SET phase = :phase, admitted = :admitted, stand = :stand,"
                        + " awaited_since = :since"
                        + " WHERE rollout_id = :rollout AND instance_id = :instance")
                .bind("phase", member.phase())
                .bind("admitted", member.admitted() ? 1 : 0)
                .bind("stand", member.stand().word())
                .bind("since", member.since())
                .bind("rollout", rolloutId)
                .bind("instance", member.instanceId())
                .execute();
    }

    /** Has all members be told what they had before; who is pinned or disabled now, once it follows the newest again. */
    static void takeBack(Handle h, String rolloutId) {
        h.execute(
                "UPDATE rollout_members SET admitted = 0, stand = ?, awaited_since = NULL WHERE rollout_id = ?",
                Stand.PENDING.word(),
                rolloutId);
    }

    /**
     * Who follows the newest version.
     *
     * @param told what its device is told to run of it now
     * @param untold whether that is from before a change that its device is still to be told
     */
    record Follower(
            String instanceId, String nodeId, Map<String, String> labels, Optional<Long> told, boolean untold) {}

    static List<Follower> followers(Handle h, String serviceId) {
        Map<String, Map<String, String>> labels = new HashMap<>();
        h.createQuery("SELECT node_id, name, value FROM node_labels WHERE node_id IN"
                        + " (SELECT node_id FROM instances WHERE service_id = :id)")
                .bind("id", serviceId)
                .map((rs, c) -> labels.computeIfAbsent(rs.getString("node_id"), _ -> new HashMap<>())
                        .put(rs.getString("name"), rs.getString("value")))
                .list();
        return h.createQuery(FOLLOWERS + " ORDER BY i.instance_id")
                .bind("id", serviceId)
                .setFetchSize(Storage.ROWS_AT_ONCE)
                .map((rs, c) -> follower(rs, labels))
                .list();
    }

    /** Those that aren't members of this roll-out of the service; without labels, since they go by no phase's. */
    static List<Follower> newcomers(Handle h, Rollout rollout) {
        return h.createQuery(FOLLOWERS
                        + " AND NOT EXISTS (SELECT 1 FROM rollout_members m WHERE m.rollout_id = :rollout"
                        + " AND m.instance_id = i.instance_id) ORDER BY i.instance_id")
                .bind("id", rollout.serviceId())
                .bind("rollout", rollout.rolloutId())
                .map((rs, c) -> follower(rs, Map.of()))
                .list();
    }

    private static Follower follower(ResultSet rs, Map<String, Map<String, String>> labels) throws SQLException {
        return new Follower(
                rs.getString("instance_id"),
                rs.getString("node_id"),
                labels.getOrDefault(rs.getString("node_id"), Map.of()),
                told(rs.getString("workload"), rs.getString("instance_id")),
                rs.getString("untold") != null);
    }

    private static Optional<Long> told(@Nullable String workload, String instanceId) {
        Optional<Container> container = Optional.ofNullable(workload)
                .map(w -> Documents.WORKLOAD.fromJson(w).containers().get(instanceId));
        return container.map(c -> c.service().version());
    }

    static Rollout row(ResultSet rs) throws SQLException {
        return new Rollout(
                rs.getString("rollout_id"),
                rs.getString("customer_id"),
                rs.getString("service_id"),
                rs.getLong("version"),
                Columns.number(rs, "from_version"),
                RolloutPolicy.JSON.fromJson(rs.getString("policy")),
                State.of(rs.getString("state")),
                rs.getInt("phase"),
                Columns.number(rs, "good_since"),
                rs.getInt("tolerated"),
                Optional.ofNullable(rs.getString("reason")).map(PROBLEM::fromJson),
                rs.getLong("created_at"),
                rs.getLong("changed_at"));
    }

    private static Member member(ResultSet rs) throws SQLException {
        return new Member(
                rs.getString("instance_id"),
                rs.getString("node_id"),
                rs.getInt("phase"),
                Columns.number(rs, "before_version"),
                rs.getInt("admitted") == 1,
                Stand.of(rs.getString("stand")),
                Columns.number(rs, "awaited_since"));
    }
}
