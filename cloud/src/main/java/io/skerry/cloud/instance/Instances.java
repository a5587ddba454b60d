package io.skerry.cloud.instance;

import io.skerry.cloud.desired.DesiredStates;
import io.skerry.cloud.desired.Selector;
import io.skerry.cloud.desired.Target;
import io.skerry.cloud.node.NodeRecord;
import io.skerry.cloud.node.Nodes;
import io.skerry.cloud.service.Retirement;
import io.skerry.cloud.service.Service;
import io.skerry.cloud.service.Services;
import io.skerry.cloud.storage.Ids;
import io.skerry.cloud.storage.Page;
import io.skerry.cloud.storage.Storage;
import io.skerry.cloud.tenancy.ApiKeys;
import io.skerry.cloud.tenancy.AuditLog;
import io.skerry.cloud.tenancy.Caller;
import io.skerry.spec.Problem;
import io.skerry.spec.ProblemException;
import io.skerry.spec.Text;
import java.time.InstantSource;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;

/**
 * The node service instances. A change of several is made wholly or not at all, and the devices concerned are told when it
 * is on the disk.
 *
 * <p>What the caller may not see is answered as if it weren't there.
 */
public final class Instances {
    private static final int MOST_AT_ONCE = 500;
    private static final String SELECTOR = InstanceRows.SELECTOR;
    private static final String SELECT = InstanceRows.SELECT;

    private final Storage storage;
    private final Ids ids;
    private final InstantSource time;
    private final DesiredStates desired;
    private final Nodes nodes;
    private final GroupInstances groups;
    private final InstanceRows rows;

    /**
     * @param groups told of what is added and removed, since devices have instances by their groups too
     * @param keys those of an instance go with it
     */
    public Instances(
            Storage storage,
            Ids ids,
            InstantSource time,
            DesiredStates desired,
            Nodes nodes,
            GroupInstances groups,
            ApiKeys keys,
            AuditLog audit) {
        this.storage = storage;
        this.ids = ids;
        this.time = time;
        this.desired = desired;
        this.nodes = nodes;
        this.groups = groups;
        this.rows = new InstanceRows(keys, audit);
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
                throw foreign(service, "device", node.name());
            }
            refuseRetired(h, serviceId, selector);
            String id = ids.next();
            InstanceRows.insert(h, id, service, nodeId, selector, Optional.empty(), time.millis());
            refuseImpossible(h, Set.of(id), Set.of(nodeId));
            InstanceRows.address(h, service, List.of(id)).values().forEach(exhausted -> {
                throw exhausted.asException();
            });
            groups.refresh(h, Set.of(nodeId));
            Instance made = required(h, List.of(id), caller).get(id);
            rows.note(
                    h,
                    caller.actor(),
                    "DM_add_node_service_instance",
                    Objects.requireNonNull(made),
                    Map.of(),
                    InstanceRows.told(made));
            return id;
        });
    }

    static ProblemException foreign(Service service, String where, String name) {
        return new Problem(
                        "instance.customer-mismatch",
                        "The service '" + service.name() + "' and the " + where + " '" + name
                                + "' belong to different customers.",
                        "Import the service for the customer of that " + where + ".")
                .asException();
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
     * Takes instances off their devices. Where a group of the device has the service, it gets another one by that.
     *
     * @throws io.skerry.spec.ProblemException {@code instance.unknown}, {@code input.too-many}, {@code instance.needed},
     *     {@code instance.by-group}; nothing is removed then
     */
    public void remove(Collection<String> instanceIds, Caller caller) {
        storage.write(h -> {
            Map<String, Instance> found = required(h, instanceIds, caller);
            Map<String, Target> before = desired.targets(h, nodesOf(found));
            refuseByGroup(found.values());
            rows.delete(h, found.keySet(), caller.actor());
            found.values()
                    .forEach(i -> rows.note(
                            h, caller.actor(), "DM_remove_node_service_instances", i, InstanceRows.told(i), Map.of()));
            groups.moved(h, nodesOf(found), caller.actor());
            refuseNeeded(before, desired.targets(h, nodesOf(found)));
            return found;
        });
    }

    private static void refuseByGroup(Collection<Instance> instances) {
        for (Instance i : instances) {
            i.byGroup().ifPresent(group -> {
                throw new Problem(
                                "instance.by-group",
                                "The instance of '" + i.serviceName() + "' on '" + i.nodeName()
                                        + "' is there because the group '" + group.groupName() + "' has the service.",
                                "Move the device out of the group, or take the service from the group with"
                                        + " DM_remove_group_node_service.")
                        .asException();
            });
        }
    }

    /** Undoes the work by throwing when something that is left can't have its version any more. */
    static void refuseNeeded(Map<String, Target> before, Map<String, Target> after) {
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
                InstanceRows.follow(h, instance.instanceId(), selector, before.get(instance.instanceId()));
                rows.note(
                        h,
                        caller.actor(),
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
                    .forEach(i -> rows.note(
                            h,
                            caller.actor(),
                            "DM_retry_node_service_instances",
                            i,
                            Map.of(),
                            Map.of("retried", true)));
            return concerned;
        });
    }

    /** The instance of this id, whoever's it is. */
    public Optional<Instance> find(String instanceId) {
        return storage.read(h -> find(h, instanceId));
    }

    /** As {@link #find(String)}, within a piece of work. */
    public static Optional<Instance> find(Handle h, String instanceId) {
        return InstanceRows.byIds(h, List.of(instanceId)).stream().findFirst();
    }

    /** @throws ProblemException {@code instance.unknown} when the caller sees none of this id */
    public static Instance seen(Handle h, String instanceId, Caller caller) {
        return find(h, instanceId)
                .filter(i -> caller.sees(i.customerId(), i.nodeId()))
                .orElseThrow(() -> unknown(instanceId).asException());
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
                        .map((rs, c) -> InstanceRows.row(rs))
                        .list(),
                take,
                Instance::instanceId));
    }

    /** All instances of a service in the order in which they were added, read while the stream is. */
    public Stream<Instance> ofService(String serviceId) {
        return Stream.iterate(
                        some(serviceId, ""),
                        some -> !some.isEmpty(),
                        some -> some(serviceId, some.getLast().instanceId()))
                .flatMap(List::stream);
    }

    private List<Instance> some(String serviceId, String after) {
        return storage.read(h -> h.createQuery(
                        SELECT
                                + " WHERE i.service_id = :service AND i.instance_id > :after ORDER BY i.instance_id LIMIT :most")
                .bind("service", serviceId)
                .bind("after", after)
                .bind("most", Storage.ROWS_AT_ONCE)
                .map((rs, c) -> InstanceRows.row(rs))
                .list());
    }

    /**
     * A service's instances that are to have this version when it is the newest, in the order in which they were added.
     *
     * @param cursor the id after which to begin; empty for the beginning
     */
    public Page<Instance> followers(String serviceId, long newest, int take, String cursor) {
        return storage.read(h -> Page.of(
                h.createQuery(
                                SELECT + " WHERE i.service_id = :service AND i.instance_id > :cursor"
                                        + " AND (i.selector IS NULL OR i.selector = :pinned) ORDER BY i.instance_id LIMIT :most")
                        .bind("service", serviceId)
                        .bind("cursor", cursor)
                        .bind("pinned", new Selector.Pinned(newest).stored())
                        .bind("most", take + 1)
                        .map((rs, c) -> InstanceRows.row(rs))
                        .list(),
                take,
                Instance::instanceId));
    }

    /** Those of these ids that there are, in any order; at most a page of them. */
    public List<Instance> ofIds(Collection<String> instanceIds) {
        return storage.read(h -> InstanceRows.byIds(h, instanceIds));
    }

    /** All instances on these devices, in the order in which they were added. */
    public List<Instance> onNodes(Collection<String> nodeIds) {
        return storage.read(h -> InstanceRows.onNodes(h, nodeIds));
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
        Map<String, Instance> found = InstanceRows.byIds(h, wanted).stream()
                .filter(i -> caller.sees(i.customerId(), i.nodeId()))
                .collect(Collectors.toMap(Instance::instanceId, i -> i));
        wanted.stream().filter(id -> !found.containsKey(id)).findFirst().ifPresent(id -> {
            throw unknown(id).asException();
        });
        return found;
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
}
