package io.skerry.cloud.instance;

import io.avaje.jsonb.JsonType;
import io.skerry.spec.Problem;
import io.skerry.spec.Wire;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;

/** The rows of groups' services and of the devices that can't have them, within a piece of work. */
final class GroupServiceRows {
    static final JsonType<Problem> PROBLEM = Wire.lenient(Problem.class);
    static final String SELECT = "SELECT r.*, g.name AS group_name, s.name AS service_name FROM group_services r"
            + " JOIN node_groups g ON g.group_id = r.group_id JOIN services s ON s.service_id = r.service_id";
    static final String ABSENT = "SELECT r.*, g.name AS group_name, s.name AS service_name, a.node_id, a.problem,"
            + " a.since, n.name AS node_name FROM absent_instances a"
            + " JOIN group_services r ON r.group_service_id = a.group_service_id"
            + " JOIN node_groups g ON g.group_id = r.group_id JOIN services s ON s.service_id = r.service_id"
            + " JOIN nodes n ON n.node_id = a.node_id";

    private GroupServiceRows() {}

    /** Whether any group has a service. */
    static boolean any(Handle h) {
        return h.createQuery("SELECT 1 FROM group_services LIMIT 1")
                .mapTo(Integer.class)
                .findOne()
                .isPresent();
    }

    static Optional<GroupService> find(Handle h, String groupServiceId) {
        return h.createQuery(SELECT + " WHERE r.group_service_id = :id")
                .bind("id", groupServiceId)
                .map((rs, c) -> row(rs))
                .findOne();
    }

    static List<GroupService> ofGroups(Handle h, Collection<String> groupIds) {
        return groupIds.isEmpty()
                ? List.of()
                : h.createQuery(SELECT + " WHERE r.group_id IN (<groups>)")
                        .bindList("groups", List.copyOf(groupIds))
                        .map((rs, c) -> row(rs))
                        .list();
    }

    static void insert(Handle h, GroupService rule) {
        h.createUpdate("INSERT INTO group_services (group_service_id, customer_id, group_id, service_id, selector,"
                        + " created_at) VALUES (:id, :customer, :group, :service, :selector, :now)")
                .bind("id", rule.groupServiceId())
                .bind("customer", rule.customerId())
                .bind("group", rule.groupId())
                .bind("service", rule.serviceId())
                .bind("selector", rule.selector())
                .bind("now", rule.createdAt())
                .execute();
    }

    /** The groups that each of these nodes is in, the outermost first; none for one at its customer's root. */
    static Map<String, List<String>> paths(Handle h, Collection<String> nodeIds) {
        Map<String, List<String>> paths = new HashMap<>();
        h.createQuery("SELECT n.node_id, g.path FROM nodes n LEFT JOIN node_groups g ON g.group_id = n.group_id"
                        + " WHERE n.node_id IN (<nodes>)")
                .bindList("nodes", List.copyOf(nodeIds))
                .map((rs, c) -> Map.entry(rs.getString("node_id"), ids(rs)))
                .forEach(e -> paths.put(e.getKey(), e.getValue()));
        return paths;
    }

    private static List<String> ids(ResultSet rs) throws SQLException {
        String path = rs.getString("path");
        return path == null
                ? List.of()
                : Arrays.stream(path.split("/")).filter(id -> !id.isEmpty()).toList();
    }

    /** The devices of a group and of those within it. */
    static List<String> nodes(Handle h, String groupId) {
        return h.createQuery("SELECT n.node_id FROM nodes n JOIN node_groups g ON g.group_id = n.group_id"
                        + " JOIN node_groups o ON o.group_id = :group AND o.customer_id = g.customer_id"
                        + " WHERE substr(g.path || '/', 1, length(o.path) + 1) = o.path || '/' ORDER BY n.node_id")
                .bind("group", groupId)
                .mapTo(String.class)
                .list();
    }

    /** Those of these nodes that can't have what they are to have. */
    static List<String> lacking(Handle h, Collection<String> nodeIds) {
        return h.createQuery("SELECT DISTINCT node_id FROM absent_instances WHERE node_id IN (<nodes>)")
                .bindList("nodes", List.copyOf(nodeIds))
                .mapTo(String.class)
                .list();
    }

    /** By node and rule, the problem as it is kept. */
    static Map<Absence, String> absences(Handle h, Collection<String> nodeIds) {
        Map<Absence, String> absences = new HashMap<>();
        h.createQuery("SELECT group_service_id, node_id, problem FROM absent_instances WHERE node_id IN (<nodes>)")
                .bindList("nodes", List.copyOf(nodeIds))
                .map((rs, c) -> Map.entry(
                        new Absence(rs.getString("group_service_id"), rs.getString("node_id")),
                        rs.getString("problem")))
                .forEach(e -> absences.put(e.getKey(), e.getValue()));
        return absences;
    }

    /** A device without what a rule says. */
    record Absence(String groupServiceId, String nodeId) {}

    /** Makes these the absences of these nodes; what stays as it was keeps its time. */
    static void keepAbsences(Handle h, Collection<String> nodeIds, Map<Absence, Problem> now, long at) {
        Map<Absence, String> before = absences(h, nodeIds);
        before.keySet().stream()
                .filter(a -> !now.containsKey(a))
                .forEach(a -> h.execute(
                        "DELETE FROM absent_instances WHERE group_service_id = ? AND node_id = ?",
                        a.groupServiceId,
                        a.nodeId));
        now.forEach((a, problem) -> {
            String json = PROBLEM.toJson(problem);
            if (!json.equals(before.get(a))) {
                h.createUpdate("INSERT INTO absent_instances (group_service_id, node_id, code, problem, since)"
                                + " VALUES (:rule, :node, :code, :problem, :at) ON CONFLICT (group_service_id, node_id)"
                                + " DO UPDATE SET code = excluded.code, problem = excluded.problem")
                        .bind("rule", a.groupServiceId)
                        .bind("node", a.nodeId)
                        .bind("code", problem.code())
                        .bind("problem", json)
                        .bind("at", at)
                        .execute();
            }
        });
    }

    /** How many devices have what these rules say, by rule. */
    static Map<String, GroupService.Counts> counts(Handle h, Set<String> ruleIds) {
        Map<String, Integer> instances = count(h, "instances", ruleIds);
        Map<String, Integer> absent = count(h, "absent_instances", ruleIds);
        Map<String, GroupService.Counts> counts = new HashMap<>();
        ruleIds.forEach(id ->
                counts.put(id, new GroupService.Counts(instances.getOrDefault(id, 0), absent.getOrDefault(id, 0))));
        return counts;
    }

    private static Map<String, Integer> count(Handle h, String table, Set<String> ruleIds) {
        Map<String, Integer> counts = new HashMap<>();
        if (!ruleIds.isEmpty()) {
            h.createQuery("SELECT group_service_id, count(*) AS many FROM " + table
                            + " WHERE group_service_id IN (<rules>) GROUP BY group_service_id")
                    .bindList("rules", List.copyOf(ruleIds))
                    .map((rs, c) -> Map.entry(rs.getString("group_service_id"), rs.getInt("many")))
                    .forEach(e -> counts.put(e.getKey(), e.getValue()));
        }
        return counts;
    }

    static GroupService row(ResultSet rs) throws SQLException {
        return new GroupService(
                rs.getString("group_service_id"),
                rs.getString("customer_id"),
                rs.getString("group_id"),
                rs.getString("group_name"),
                rs.getString("service_id"),
                rs.getString("service_name"),
                Optional.ofNullable(rs.getString("selector")),
                rs.getLong("created_at"));
    }

    static AbsentInstance absent(ResultSet rs) throws SQLException {
        return new AbsentInstance(
                row(rs),
                rs.getString("node_id"),
                rs.getString("node_name"),
                PROBLEM.fromJson(rs.getString("problem")),
                rs.getLong("since"));
    }
}
