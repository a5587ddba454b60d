package io.skerry.cloud.instance;

import io.skerry.cloud.desired.DesiredStates;
import io.skerry.cloud.desired.Selector;
import io.skerry.cloud.desired.Target;
import io.skerry.cloud.node.NodeRecord;
import io.skerry.cloud.node.Nodes;
import io.skerry.cloud.service.NetworkSettings;
import io.skerry.cloud.service.Retirement;
import io.skerry.cloud.service.Service;
import io.skerry.cloud.service.ServiceNetworks;
import io.skerry.cloud.service.Services;
import io.skerry.cloud.storage.Ids;
import io.skerry.cloud.storage.Page;
import io.skerry.cloud.storage.Storage;
import io.skerry.cloud.subnet.LanAddress;
import io.skerry.cloud.subnet.SubnetPool;
import io.skerry.cloud.tenancy.AuditLog;
import io.skerry.cloud.tenancy.Caller;
import io.skerry.cloud.tenancy.Change;
import io.skerry.spec.Problem;
import io.skerry.spec.Text;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;

/**
 * The node service instances. A change of several is made wholly or not at all, and the devices concerned are told when it
 * is on the disk.
 *
 * <p>What the caller may not see is answered as if it weren't there.
 */
public final class Instances {
    private static final int MOST_AT_ONCE = 500;
    private static final String SELECTOR = "version_target_selector";
    private static final String SELECT =
            "SELECT i.*, s.name AS service_name, s.network, n.name AS node_name FROM instances i"
                    + " JOIN services s ON s.service_id = i.service_id JOIN nodes n ON n.node_id = i.node_id";

    private final Storage storage;
    private final Ids ids;
    private final InstantSource time;
    private final DesiredStates desired;
    private final Nodes nodes;
    private final AuditLog audit;

    public Instances(Storage storage, Ids ids, InstantSource time, DesiredStates desired, Nodes nodes, AuditLog audit) {
        this.storage = storage;
        this.ids = ids;
        this.time = time;
        this.desired = desired;
        this.nodes = nodes;
        this.audit = audit;
    }

    /**
     * Puts a service on a device; a device may have several instances of one service.
     *
     * @return the instance's id
     * @throws io.skerry.spec.ProblemException {@code service.unknown}, {@code node.unknown}, {@code
     *     instance.customer-mismatch}, {@code service.version-unknown}, {@code instance.architecture-missing}, {@code
     *     capability.unsupported}, {@code subnet.exhausted}
     */
    public String add(String serviceId, String nodeId, Selector selector, Caller caller) {
        return storage.write(h -> {
            Service service = Services.find(h, serviceId)
                    .filter(s -> caller.sees(s.customerId()))
                    .orElseThrow(() -> Services.unknown(serviceId).asException());
            NodeRecord node = nodes.get(h, nodeId)
                    .filter(n -> caller.sees(n.customerId()))
                    .orElseThrow(() -> Nodes.unknown(nodeId).asException());
            if (!service.customerId().equals(node.customerId())) {
                throw new Problem(
                                "instance.customer-mismatch",
                                "The service '" + service.name() + "' and the device '" + node.name()
                                        + "' belong to different customers.",
                                "Import the service for the device's customer.")
                        .asException();
            }
            refuseRetired(h, serviceId, selector);
            String id = ids.next();
            h.createUpdate("INSERT INTO instances (instance_id, customer_id, service_id, node_id, selector, created_at)"
                            + " VALUES (:id, :customer, :service, :node, :selector, :now)")
                    .bind("id", id)
                    .bind("customer", service.customerId())
                    .bind("service", serviceId)
                    .bind("node", nodeId)
                    .bind("selector", selector.stored())
                    .bind("now", time.millis())
                    .execute();
            refuseImpossible(h, Set.of(id), Set.of(nodeId));
            service.network()
                    .lan()
                    .ifPresent(lan -> SubnetPool.give(
                            h, service.customerId(), id, lan, ServiceNetworks.shared(h, service.customerId())));
            desired.refresh(h, Set.of(nodeId));
            Instance made = required(h, List.of(id), caller).get(id);
            note(h, caller, "DM_add_node_service_instance", Objects.requireNonNull(made), Map.of(), told(made));
            return id;
        });
    }

    private static void refuseRetired(Handle h, String serviceId, Selector selector) {
        if (selector instanceof Selector.Pinned(long version)) {
            Retirement.refuseRetired(h, serviceId, version);
        }
    }

    /** Undoes the work by throwing when one of these instances can't have the version that its selector names. */
    private void refuseImpossible(Handle h, Set<String> instanceIds, Set<String> nodeIds) {
        Map<String, Target> targets = desired.targets(h, nodeIds);
        for (String id : instanceIds) {
            if (targets.get(id) instanceof Target.Refused refused) {
                throw refused.problem().asException();
            }
        }
    }

    /**
     * Takes instances off their devices.
     *
     * @throws io.skerry.spec.ProblemException {@code instance.unknown}, {@code input.too-many}, {@code instance.needed};
     *     nothing is removed then
     */
    public void remove(Collection<String> instanceIds, Caller caller) {
        storage.write(h -> {
            Map<String, Instance> found = required(h, instanceIds, caller);
            Map<String, Target> before = desired.targets(h, nodesOf(found));
            h.createUpdate("DELETE FROM instance_files WHERE instance_id IN (<ids>)")
                    .bindList("ids", List.copyOf(found.keySet()))
                    .execute();
            h.createUpdate("DELETE FROM instances WHERE instance_id IN (<ids>)")
                    .bindList("ids", List.copyOf(found.keySet()))
                    .execute();
            refuseNeeded(before, desired.targets(h, nodesOf(found)));
            found.values().forEach(i -> note(h, caller, "DM_remove_node_service_instances", i, told(i), Map.of()));
            desired.refresh(h, nodesOf(found));
            return found;
        });
    }

    /** Undoes the work by throwing when something that is left can't have its version any more. */
    private static void refuseNeeded(Map<String, Target> before, Map<String, Target> after) {
        after.forEach((id, target) -> {
            if (target instanceof Target.Refused refused && !(before.get(id) instanceof Target.Refused)) {
                throw new Problem(
                                "instance.needed",
                                "Another instance on the device needs what is to be removed: "
                                        + refused.problem().message(),
                                "Remove both at once, or import a version that doesn't need it.")
                        .asException();
            }
        });
    }

    /**
     * Says which version instances follow. One that becomes disabled keeps the version that its device is asked to run.
     *
     * @throws io.skerry.spec.ProblemException {@code instance.unknown}, {@code input.too-many}, {@code
     *     service.version-unknown}, {@code instance.architecture-missing}, {@code capability.unsupported}; nothing is
     *     changed then
     */
    public void select(Collection<String> instanceIds, Selector selector, Caller caller) {
        storage.write(h -> {
            Map<String, Instance> found = required(h, instanceIds, caller);
            Set<String> concerned = nodesOf(found);
            Map<String, Target> before = desired.targets(h, concerned);
            for (Instance instance : found.values()) {
                if (instance.selector().equals(selector.stored())) {
                    continue;
                }
                refuseRetired(h, instance.serviceId(), selector);
                Optional<Long> held = selector instanceof Selector.Disabled
                        ? Optional.ofNullable(before.get(instance.instanceId())).flatMap(Target::version)
                        : Optional.empty();
                h.createUpdate(
                                "UPDATE instances SET selector = :selector, held_version = :held WHERE instance_id = :id")
                        .bind("selector", selector.stored())
                        .bind("held", held)
                        .bind("id", instance.instanceId())
                        .execute();
                note(
                        h,
                        caller,
                        "DM_update_node_service_instance_rollout_config",
                        instance,
                        Map.of(SELECTOR, instance.selector().orElse("")),
                        Map.of(SELECTOR, selector.stored().orElse("")));
            }
            // To follow the latest is a wish for the future as well, so only a named version must be possible now.
            if (selector instanceof Selector.Pinned) {
                refuseImpossible(h, found.keySet(), concerned);
            }
            desired.refresh(h, concerned);
            return found;
        });
    }

    /**
     * Lets the devices of these instances try again what failed on them.
     *
     * @throws io.skerry.spec.ProblemException {@code instance.unknown}, {@code input.too-many}
     */
    public void retry(Collection<String> instanceIds, Caller caller) {
        storage.write(h -> {
            Map<String, Instance> found = required(h, instanceIds, caller);
            Set<String> concerned = nodesOf(found);
            concerned.forEach(node -> desired.retry(h, node, ids.next()));
            found.values()
                    .forEach(i ->
                            note(h, caller, "DM_retry_node_service_instances", i, Map.of(), Map.of("retried", true)));
            return concerned;
        });
    }

    /** The instance of this id, whoever's it is. */
    public Optional<Instance> find(String instanceId) {
        return storage.read(h -> h.createQuery(SELECT + " WHERE i.instance_id = :id")
                .bind("id", instanceId)
                .map((rs, c) -> instance(rs))
                .findOne());
    }

    /**
     * A customer's instances in the order in which they were added.
     *
     * @param cursor the id after which to begin; empty for the beginning
     */
    public Page<Instance> list(String customerId, InstanceFilter filter, int take, String cursor) {
        return storage.read(h -> Page.of(
                h.createQuery(SELECT + " WHERE i.customer_id = :customer AND i.instance_id > :cursor"
                                + " AND (CAST(:service AS TEXT) IS NULL OR i.service_id = :service)"
                                + " AND (CAST(:node AS TEXT) IS NULL OR i.node_id = :node)"
                                + " ORDER BY i.instance_id LIMIT :most")
                        .bind("customer", customerId)
                        .bind("cursor", cursor)
                        .bind("service", filter.serviceId())
                        .bind("node", filter.nodeId())
                        .bind("most", take + 1)
                        .map((rs, c) -> instance(rs))
                        .list(),
                take,
                Instance::instanceId));
    }

    /** All instances of a service in the order in which they were added. */
    public List<Instance> ofService(String serviceId) {
        return storage.read(h -> h.createQuery(SELECT + " WHERE i.service_id = :service ORDER BY i.instance_id")
                .bind("service", serviceId)
                .map((rs, c) -> instance(rs))
                .list());
    }

    /** All instances on these devices, in the order in which they were added. */
    public List<Instance> onNodes(Collection<String> nodeIds) {
        if (nodeIds.isEmpty()) {
            return List.of();
        }
        return storage.read(h -> h.createQuery(SELECT + " WHERE i.node_id IN (<nodes>) ORDER BY i.instance_id")
                .bindList("nodes", List.copyOf(nodeIds))
                .map((rs, c) -> instance(rs))
                .list());
    }

    static Map<String, Instance> required(Handle h, Collection<String> instanceIds, Caller caller) {
        Set<String> wanted = new LinkedHashSet<>(instanceIds);
        if (wanted.isEmpty() || wanted.size() > MOST_AT_ONCE) {
            throw new Problem(
                            "input.too-many",
                            "node_service_instance_ids has " + wanted.size() + " entries.",
                            "Give 1 to " + MOST_AT_ONCE + ".")
                    .asException();
        }
        Map<String, Instance> found = h
                .createQuery(SELECT + " WHERE i.instance_id IN (<ids>)")
                .bindList("ids", List.copyOf(wanted))
                .map((rs, c) -> instance(rs))
                .stream()
                .filter(i -> caller.sees(i.customerId(), i.nodeId()))
                .collect(Collectors.toMap(Instance::instanceId, i -> i));
        wanted.stream().filter(id -> !found.containsKey(id)).findFirst().ifPresent(id -> {
            throw unknown(id).asException();
        });
        return found;
    }

    private void note(
            Handle h,
            Caller caller,
            String operation,
            Instance instance,
            Map<String, Object> before,
            Map<String, Object> after) {
        audit.note(
                h,
                caller.actor(),
                new Change(
                        Optional.of(instance.customerId()),
                        operation,
                        "instance",
                        instance.instanceId(),
                        instance.serviceName() + " on " + instance.nodeName(),
                        before,
                        after));
    }

    private static Map<String, Object> told(Instance instance) {
        Map<String, Object> told = new TreeMap<>(Map.of(
                "node_service_id",
                instance.serviceId(),
                "node_id",
                instance.nodeId(),
                SELECTOR,
                instance.selector().orElse("")));
        instance.lan().ifPresent(lan -> told.put("lan_address", lan.address().toString()));
        return told;
    }

    private static Set<String> nodesOf(Map<String, Instance> instances) {
        return instances.values().stream().map(Instance::nodeId).collect(Collectors.toSet());
    }

    /** What is said of an instance that isn't there, or is another customer's. */
    public static Problem unknown(String instanceId) {
        return new Problem(
                "instance.unknown",
                "There is no node service instance '" + Text.shortened(instanceId, 60) + "'.",
                "Look the ids up with DM_get_node_service_instances or 'skerry instance ls'.");
    }

    private static Instance instance(ResultSet rs) throws SQLException {
        return new Instance(
                rs.getString("instance_id"),
                rs.getString("customer_id"),
                rs.getString("service_id"),
                rs.getString("service_name"),
                rs.getString("node_id"),
                rs.getString("node_name"),
                Optional.ofNullable(rs.getString("selector")),
                lan(rs),
                rs.getLong("created_at"));
    }

    private static Optional<LanAddress> lan(ResultSet rs) throws SQLException {
        long slice = rs.getLong("slice_first");
        Optional<Long> own = rs.wasNull() ? Optional.empty() : Optional.of(slice);
        return NetworkSettings.read(Optional.ofNullable(rs.getString("network")))
                .lan()
                .map(lan -> lan.of(own));
    }
}
