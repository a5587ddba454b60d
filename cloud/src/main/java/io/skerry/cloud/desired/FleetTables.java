package io.skerry.cloud.desired;

import io.avaje.jsonb.JsonType;
import io.skerry.cloud.config.ConfigRows;
import io.skerry.cloud.rollout.DueVersions;
import io.skerry.cloud.service.NetworkSettings;
import io.skerry.cloud.service.VersionSettings;
import io.skerry.cloud.storage.Columns;
import io.skerry.cloud.storage.Storage;
import io.skerry.cloud.window.Schedules;
import io.skerry.spec.Architecture;
import io.skerry.spec.Digest;
import io.skerry.spec.Wire;
import io.skerry.spec.desired.ConfigFile;
import io.skerry.spec.desired.ConfigFiles;
import io.skerry.spec.desired.Documents;
import io.skerry.spec.desired.Image;
import io.skerry.spec.desired.Position;
import io.skerry.spec.desired.Session;
import io.skerry.spec.desired.Workload;
import io.skerry.spec.status.Capabilities;
import io.skerry.spec.window.Schedule;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Gatherers;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Reads the {@link Fleet} out of the tables, a few queries for any number of nodes. */
final class FleetTables {
    private static final JsonType<Capabilities> CAPABILITIES = Wire.lenient(Capabilities.class);

    private final Handle h;

    FleetTables(Handle h) {
        this.h = h;
    }

    /**
     * What a node was told last, and what is to be asked about it now.
     *
     * @param running what is kept of what it was told earlier than that, as {@link StillRunning} has it
     * @param status the newest that it said of itself, as it came
     * @param refusals what was told of it as events, as {@link RefusedVersions} has it
     */
    record Told(
            Fleet.Question question,
            Position position,
            Workload workload,
            String previousWorkload,
            Optional<String> running,
            Optional<String> status,
            Session session,
            Map<String, String> refusals) {}

    /** Those of these nodes that there are, read while the stream is: a large fleet's documents don't fit into memory at once. */
    Stream<Told> told(Collection<String> nodeIds) {
        return nodeIds.stream()
                .distinct()
                .gather(Gatherers.windowFixed(Storage.ROWS_AT_ONCE))
                .flatMap(some -> chunk(some).stream());
    }

    private List<Told> chunk(List<String> nodeIds) {
        Map<String, List<Fleet.Instance>> instances = instances(nodeIds);
        Map<String, Fleet.Service> services = services(instances);
        Map<String, Schedule> schedules = Schedules.of(h, nodeIds);
        return h.createQuery("SELECT n.node_id, n.customer_id, n.name, n.capabilities, d.epoch, d.serial, d.workload,"
                        + " d.previous_workload, d.running_workload, n.status, d.session, d.refusals_told"
                        + " FROM nodes n LEFT JOIN desired_states d ON d.node_id = n.node_id"
                        + " WHERE n.node_id IN (<ids>)")
                .bindList("ids", nodeIds)
                .map((rs, c) -> told(rs, instances, services, schedules))
                .list();
    }

    private static Told told(
            ResultSet rs,
            Map<String, List<Fleet.Instance>> instances,
            Map<String, Fleet.Service> services,
            Map<String, Schedule> schedules)
            throws SQLException {
        String nodeId = rs.getString("node_id");
        boolean first = rs.getString("workload") == null;
        Workload workload = first ? Workload.EMPTY : Documents.WORKLOAD.fromJson(rs.getString("workload"));
        var node = new Fleet.Node(
                nodeId,
                rs.getString("customer_id"),
                rs.getString("name"),
                CAPABILITIES.fromJson(rs.getString("capabilities")),
                workload,
                Optional.ofNullable(schedules.get(nodeId)));
        List<Fleet.Instance> here = instances.getOrDefault(nodeId, List.of());
        Map<String, Fleet.Service> concerned = here.stream()
                .map(Fleet.Instance::serviceId)
                .distinct()
                .collect(Collectors.toMap(s -> s, s -> Objects.requireNonNull(services.get(s))));
        return new Told(
                new Fleet.Question(node, here, concerned),
                first ? Position.NONE : new Position(rs.getLong("epoch"), rs.getLong("serial")),
                workload,
                first ? Documents.WORKLOAD.toJson(Workload.EMPTY) : rs.getString("previous_workload"),
                Optional.ofNullable(rs.getString("running_workload")),
                Optional.ofNullable(rs.getString("status")),
                first ? Session.EMPTY : DesiredStates.session(rs.getString("session")),
                first ? Map.of() : RefusedVersions.told(rs.getString("refusals_told")));
    }

    private Map<String, List<Fleet.Instance>> instances(List<String> nodeIds) {
        Map<String, List<ConfigFile>> files = ConfigRows.onNodes(h, nodeIds);
        var byNode = new HashMap<String, List<Fleet.Instance>>();
        Map<String, Long> due = DueVersions.of(h, nodeIds);
        h.createQuery("SELECT node_id, instance_id, service_id, selector, held_version FROM instances"
                        + " WHERE node_id IN (<ids>) ORDER BY instance_id")
                .bindList("ids", nodeIds)
                .map((rs, c) -> Map.entry(rs.getString("node_id"), instance(rs, due, files)))
                .forEach(e -> byNode.computeIfAbsent(e.getKey(), n -> new ArrayList<>())
                        .add(e.getValue()));
        return byNode;
    }

    private static Fleet.Instance instance(ResultSet rs, Map<String, Long> due, Map<String, List<ConfigFile>> files)
            throws SQLException {
        String selector = rs.getString("selector");
        return new Fleet.Instance(
                rs.getString("instance_id"),
                rs.getString("service_id"),
                selector == null ? Selector.LATEST : Selector.parse(selector),
                Columns.number(rs, "held_version"),
                Optional.ofNullable(due.get(rs.getString("instance_id"))),
                Optional.ofNullable(files.get(rs.getString("instance_id"))).map(ConfigFiles::new));
    }

    private Map<String, Fleet.Service> services(Map<String, List<Fleet.Instance>> instances) {
        var concerned = new TreeMap<String, Set<Long>>();
        instances.values().stream().flatMap(List::stream).forEach(i -> {
            Set<Long> versions = concerned.computeIfAbsent(i.serviceId(), s -> new HashSet<>());
            i.held().ifPresent(versions::add);
            i.due().ifPresent(versions::add);
            if (i.selector() instanceof Selector.Pinned p) {
                versions.add(p.version());
            }
        });
        var services = new HashMap<String, Fleet.Service>();
        concerned.forEach((id, versions) -> services.put(id, service(id, versions)));
        return services;
    }

    private Fleet.Service service(String serviceId, Set<Long> versions) {
        return h.createQuery("SELECT customer_id, name, latest_version, network FROM services WHERE service_id = :id")
                .bind("id", serviceId)
                .map((rs, c) -> {
                    long latest = rs.getLong("latest_version");
                    var wanted = new HashSet<>(versions);
                    wanted.add(latest);
                    String repository = rs.getString("customer_id") + "/" + rs.getString("name");
                    return new Fleet.Service(
                            serviceId,
                            rs.getString("name"),
                            latest,
                            NetworkSettings.read(Optional.ofNullable(rs.getString("network"))),
                            versions(serviceId, repository, wanted));
                })
                .one();
    }

    private Map<Long, Fleet.Version> versions(String serviceId, String repository, Set<Long> wanted) {
        var images = new HashMap<Long, Map<Architecture, Image>>();
        h.createQuery("SELECT version, architecture, manifest_digest, compressed_bytes, unpacked_bytes"
                        + " FROM service_images WHERE service_id = :id AND version IN (<versions>)")
                .bind("id", serviceId)
                .bindList("versions", List.copyOf(wanted))
                .map((rs, c) -> {
                    images.computeIfAbsent(rs.getLong("version"), v -> new HashMap<>())
                            .put(
                                    Architecture.of(rs.getString("architecture")),
                                    new Image(
                                            repository,
                                            new Digest(rs.getString("manifest_digest")),
                                            rs.getLong("compressed_bytes"),
                                            rs.getLong("unpacked_bytes")));
                    return 1;
                })
                .list();
        var found = new HashMap<Long, Fleet.Version>();
        h.createQuery("SELECT version, settings FROM service_versions"
                        + " WHERE service_id = :id AND version IN (<versions>)")
                .bind("id", serviceId)
                .bindList("versions", List.copyOf(wanted))
                .map((rs, c) -> {
                    long version = rs.getLong("version");
                    return found.put(
                            version,
                            new Fleet.Version(
                                    VersionSettings.JSON.fromJson(rs.getString("settings")),
                                    images.getOrDefault(version, Map.of())));
                })
                .forEach((Fleet.@Nullable Version replaced) -> {});
        return found;
    }
}
