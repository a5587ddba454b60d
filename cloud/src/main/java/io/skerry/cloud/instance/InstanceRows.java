package io.skerry.cloud.instance;

import io.skerry.cloud.desired.Selector;
import io.skerry.cloud.desired.Target;
import io.skerry.cloud.service.NetworkSettings;
import io.skerry.cloud.service.Service;
import io.skerry.cloud.service.ServiceNetworks;
import io.skerry.cloud.storage.Columns;
import io.skerry.cloud.subnet.LanAddress;
import io.skerry.cloud.subnet.SubnetPool;
import io.skerry.cloud.tenancy.Actor;
import io.skerry.cloud.tenancy.ApiKeys;
import io.skerry.cloud.tenancy.AuditLog;
import io.skerry.cloud.tenancy.Change;
import io.skerry.spec.Problem;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** The instances' rows, within a piece of work. */
final class InstanceRows {
    static final String SELECTOR = "version_target_selector";
    static final String SELECT = "SELECT i.*, s.name AS service_name, s.network, n.name AS node_name, r.group_id,"
            + " r.selector AS rule_selector, g.name AS group_name FROM instances i"
            + " JOIN services s ON s.service_id = i.service_id JOIN nodes n ON n.node_id = i.node_id"
            + " LEFT JOIN group_services r ON r.group_service_id = i.group_service_id"
            + " LEFT JOIN node_groups g ON g.group_id = r.group_id";

    private final ApiKeys keys;
    private final AuditLog audit;

    InstanceRows(ApiKeys keys, AuditLog audit) {
        this.keys = keys;
        this.audit = audit;
    }

    static List<Instance> byIds(Handle h, Collection<String> instanceIds) {
        return listed(h, " WHERE i.instance_id IN (<ids>)", instanceIds);
    }

    /** In the order in which they were added. */
    static List<Instance> onNodes(Handle h, Collection<String> nodeIds) {
        return listed(h, " WHERE i.node_id IN (<ids>) ORDER BY i.instance_id", nodeIds);
    }

    private static List<Instance> listed(Handle h, String which, Collection<String> ids) {
        return ids.isEmpty()
                ? List.of()
                : h.createQuery(SELECT + which)
                        .bindList("ids", List.copyOf(ids))
                        .map((rs, c) -> row(rs))
                        .list();
    }

    /**
     * A new instance, still without addresses.
     *
     * @param groupServiceId by which service of a group it comes; empty: by hand
     */
    static void insert(
            Handle h,
            String instanceId,
            Service service,
            String nodeId,
            Selector selector,
            @SuppressWarnings("OptionalUsedAsFieldOrParameterType") Optional<String> groupServiceId,
            long now) {
        h.createUpdate("INSERT INTO instances"
                        + " (instance_id, customer_id, service_id, node_id, selector, group_service_id, created_at)"
                        + " VALUES (:id, :customer, :service, :node, :selector, :rule, :now)")
                .bind("id", instanceId)
                .bind("customer", service.customerId())
                .bind("service", service.serviceId())
                .bind("node", nodeId)
                .bind("selector", selector.stored())
                .bind("rule", groupServiceId)
                .bind("now", now)
                .execute();
    }

    /** Gives instances of one service their addresses; why not, for each that got none. */
    static Map<String, Problem> address(Handle h, Service service, List<String> instanceIds) {
        return service.network()
                .lan()
                .map(lan -> SubnetPool.give(
                        h, service.customerId(), instanceIds, lan, ServiceNetworks.shared(h, service.customerId())))
                .orElse(Map.of());
    }

    /** With their files, and the API keys in these. */
    void delete(Handle h, Collection<String> instanceIds, Actor by) {
        if (instanceIds.isEmpty()) {
            return;
        }
        keys.revokeOfInstances(h, instanceIds, by);
        for (String table : List.of("instance_files", "instances")) {
            h.createUpdate("DELETE FROM " + table + " WHERE instance_id IN (<ids>)")
                    .bindList("ids", List.copyOf(instanceIds))
                    .execute();
        }
    }

    /** @param target what its device was asked to run before, which it keeps when it becomes disabled */
    static void follow(Handle h, String instanceId, Selector selector, @Nullable Target target) {
        Optional<Long> held = selector instanceof Selector.Disabled
                ? Optional.ofNullable(target).flatMap(Target::version)
                : Optional.empty();
        h.createUpdate("UPDATE instances SET selector = :selector, held_version = :held WHERE instance_id = :id")
                .bind("selector", selector.stored())
                .bind("held", held)
                .bind("id", instanceId)
                .execute();
        // While it goes a way of its own, no roll-out's time for it runs.
        h.execute("UPDATE rollout_members SET awaited_since = NULL WHERE instance_id = ?", instanceId);
    }

    void note(
            Handle h,
            Actor by,
            String operation,
            Instance instance,
            Map<String, Object> before,
            Map<String, Object> after) {
        audit.note(
                h,
                by,
                new Change(
                        Optional.of(instance.customerId()),
                        operation,
                        "instance",
                        instance.instanceId(),
                        instance.serviceName() + " on " + instance.nodeName(),
                        before,
                        after));
    }

    static Map<String, Object> told(Instance instance) {
        Map<String, Object> told = new TreeMap<>(Map.of(
                "node_service_id",
                instance.serviceId(),
                "node_id",
                instance.nodeId(),
                SELECTOR,
                instance.selector().orElse("")));
        instance.lan().ifPresent(lan -> told.put("lan_address", lan.address().toString()));
        instance.byGroup().ifPresent(rule -> told.put("group_id", rule.groupId()));
        return told;
    }

    static Instance row(ResultSet rs) throws SQLException {
        return new Instance(
                rs.getString("instance_id"),
                rs.getString("customer_id"),
                rs.getString("service_id"),
                rs.getString("service_name"),
                rs.getString("node_id"),
                rs.getString("node_name"),
                Optional.ofNullable(rs.getString("selector")),
                byGroup(rs),
                lan(rs),
                rs.getLong("created_at"));
    }

    private static Optional<Instance.ByGroup> byGroup(ResultSet rs) throws SQLException {
        String rule = rs.getString("group_service_id");
        return rule == null
                ? Optional.empty()
                : Optional.of(new Instance.ByGroup(
                        rule,
                        rs.getString("group_id"),
                        rs.getString("group_name"),
                        Optional.ofNullable(rs.getString("rule_selector"))));
    }

    private static Optional<LanAddress> lan(ResultSet rs) throws SQLException {
        Optional<Long> own = Columns.number(rs, "slice_first");
        return NetworkSettings.read(Optional.ofNullable(rs.getString("network")))
                .lan()
                .map(lan -> lan.of(own));
    }
}
