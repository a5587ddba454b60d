package io.skerry.cloud.window;

import io.skerry.cloud.storage.Columns;
import io.skerry.spec.window.Schedule;
import io.skerry.spec.window.UpdateWindows;
import io.skerry.spec.window.Zones;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;

/**
 * What follows for nodes from what is said of them and of what is around them.
 *
 * <p>Of windows and time zones the nearest counts: the node's own, else those of the innermost group, else the customer's. A
 * service's windows are added to that: its instances wait for both. What is urgent is so for all that it is said of: of several
 * ends the last counts.
 */
public final class Schedules {
    private Schedules() {}

    /** By which windows each of these nodes goes; one that isn't in the answer has none. At most some hundred nodes. */
    public static Map<String, Schedule> of(Handle h, Collection<String> nodeIds) {
        List<String> ids = List.copyOf(nodeIds);
        if (ids.isEmpty()) {
            return Map.of();
        }
        List<NodePlace> places = places(h, ids, services(h, ids));
        if (places.isEmpty()) {
            return Map.of();
        }
        Map<String, UpdateTimes> said = said(h, ids, places);
        var schedules = new HashMap<String, Schedule>();
        if (!said.isEmpty()) {
            places.forEach(place -> of(place, said).ifPresent(s -> schedules.put(place.nodeId(), s)));
        }
        return schedules;
    }

    /** Pure: by which windows a node goes, if by any. */
    static Optional<Schedule> of(NodePlace place, Map<String, UpdateTimes> said) {
        UpdateWindows node = nearest(place, said, UpdateTimes::windows).orElse(UpdateWindows.ALWAYS);
        var containers = new TreeMap<String, UpdateWindows>();
        var urgent = new TreeMap<String, Long>();
        place.services().forEach((instance, service) -> {
            find(said, service).flatMap(UpdateTimes::windows).ifPresent(w -> containers.put(instance, w));
            urgentUntil(said, List.of(instance, service)).ifPresent(u -> urgent.put(instance, u));
        });
        var schedule = new Schedule(
                nearest(place, said, UpdateTimes::timeZone).orElse(Zones.DEFAULT),
                node,
                containers,
                urgentUntil(said, place.around()).orElse(0L),
                urgent);
        return schedule.restrictsNothing() ? Optional.empty() : Optional.of(schedule);
    }

    /** The time zones of these nodes, whether or not they have windows. */
    static Map<String, String> zones(Handle h, Collection<String> nodeIds) {
        List<NodePlace> places = places(h, List.copyOf(nodeIds), Map.of());
        if (places.isEmpty()) {
            return Map.of();
        }
        Map<String, UpdateTimes> said = said(h, List.copyOf(nodeIds), places);
        return places.stream()
                .collect(Collectors.toMap(
                        NodePlace::nodeId,
                        p -> nearest(p, said, UpdateTimes::timeZone).orElse(Zones.DEFAULT)));
    }

    private static List<NodePlace> places(Handle h, List<String> nodeIds, Map<String, Map<String, String>> services) {
        return h.createQuery("SELECT n.node_id, n.customer_id, g.path FROM nodes n"
                        + " LEFT JOIN node_groups g ON g.group_id = n.group_id WHERE n.node_id IN (<ids>)")
                .bindList("ids", nodeIds)
                .map((rs, c) -> new NodePlace(
                        rs.getString("node_id"),
                        rs.getString("customer_id"),
                        NodePlace.ids(Optional.ofNullable(rs.getString("path"))),
                        services.getOrDefault(rs.getString("node_id"), Map.of())))
                .list();
    }

    private static Optional<Long> urgentUntil(Map<String, UpdateTimes> said, List<String> ids) {
        return ids.stream()
                .flatMap(id -> find(said, id).flatMap(UpdateTimes::urgentUntil).stream())
                .max(Long::compare);
    }

    private static <T> Optional<T> nearest(
            NodePlace place, Map<String, UpdateTimes> said, Function<UpdateTimes, Optional<T>> what) {
        return place.around().stream()
                .flatMap(id -> find(said, id).flatMap(what).stream())
                .findFirst();
    }

    private static Optional<UpdateTimes> find(Map<String, UpdateTimes> said, String id) {
        return Optional.ofNullable(said.get(id));
    }

    private static Map<String, Map<String, String>> services(Handle h, List<String> nodeIds) {
        var byNode = new HashMap<String, Map<String, String>>();
        h.createQuery("SELECT node_id, instance_id, service_id FROM instances WHERE node_id IN (<ids>)")
                .bindList("ids", nodeIds)
                .map((rs, c) -> byNode.computeIfAbsent(rs.getString("node_id"), _ -> new HashMap<>())
                        .put(rs.getString("instance_id"), rs.getString("service_id")))
                .list();
        return byNode;
    }

    private static Map<String, UpdateTimes> said(Handle h, List<String> nodeIds, List<NodePlace> places) {
        Set<String> wider = new HashSet<>();
        places.forEach(p -> {
            wider.addAll(p.groups());
            wider.add(p.customerId());
        });
        var said = new HashMap<String, UpdateTimes>();
        h.createQuery("SELECT * FROM update_times WHERE subject_id IN (<wider>) OR node_id IN (<nodes>)"
                        + " OR service_id IN (SELECT service_id FROM instances WHERE node_id IN (<nodes>))"
                        + " OR instance_id IN (SELECT instance_id FROM instances WHERE node_id IN (<nodes>))")
                .bindList("wider", List.copyOf(wider))
                .bindList("nodes", nodeIds)
                .map((rs, c) -> row(rs))
                .forEach(row -> said.put(row.subject().id(), row));
        return said;
    }

    static UpdateTimes row(ResultSet rs) throws SQLException {
        return new UpdateTimes(
                new Subject(Subject.Kind.of(rs.getString("subject_kind")), rs.getString("subject_id")),
                rs.getString("customer_id"),
                Optional.ofNullable(rs.getString("windows")).map(WindowChanges.WINDOWS::fromJson),
                Optional.ofNullable(rs.getString("time_zone")),
                Columns.number(rs, "urgent_until"),
                Optional.ofNullable(rs.getString("urgent_reason")));
    }
}
