package io.skerry.cloud.instance;

import io.skerry.cloud.desired.DesiredStates;
import io.skerry.cloud.desired.Selector;
import io.skerry.cloud.desired.Target;
import io.skerry.cloud.service.Retirement;
import io.skerry.cloud.service.Service;
import io.skerry.cloud.service.Services;
import io.skerry.cloud.storage.ConstraintViolation;
import io.skerry.cloud.storage.Ids;
import io.skerry.cloud.storage.Page;
import io.skerry.cloud.storage.Storage;
import io.skerry.cloud.tenancy.AuditLog;
import io.skerry.cloud.tenancy.Caller;
import io.skerry.cloud.tenancy.Change;
import io.skerry.cloud.tenancy.Group;
import io.skerry.cloud.tenancy.Groups;
import io.skerry.spec.Problem;
import io.skerry.spec.Text;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;

/**
 * The services that devices have by their groups. What one device can't have keeps no other from having it.
 *
 * <p>What the caller may not see is answered as if it weren't there.
 */
public final class GroupServices {
    private final Storage storage;
    private final Ids ids;
    private final InstantSource time;
    private final DesiredStates desired;
    private final GroupInstances instances;
    private final AuditLog audit;

    public GroupServices(
            Storage storage,
            Ids ids,
            InstantSource time,
            DesiredStates desired,
            GroupInstances instances,
            AuditLog audit) {
        this.storage = storage;
        this.ids = ids;
        this.time = time;
        this.desired = desired;
        this.instances = instances;
        this.audit = audit;
    }

    /**
     * Gives each device of a group, now and later, an instance of a service. Devices that can't have it are {@link AbsentInstances}.
     *
     * @return the rule's id
     * @throws io.skerry.spec.ProblemException {@code group.unknown}, {@code service.unknown}, {@code
     *     instance.customer-mismatch}, {@code service.version-unknown}, {@code service.version-retired}, {@code
     *     group-service.exists}
     */
    public String add(String groupId, String serviceId, Selector selector, Caller caller) {
        try {
            return storage.write(h -> {
                Group group = Groups.seen(h, groupId, caller);
                Service service = Services.find(h, serviceId)
                        .filter(s -> caller.sees(s.customerId()))
                        .orElseThrow(() -> Services.unknown(serviceId).asException());
                if (!service.customerId().equals(group.customerId())) {
                    throw Instances.foreign(service, "group", group.name());
                }
                refuseImpossible(h, serviceId, selector);
                var rule = new GroupService(
                        ids.next(),
                        group.customerId(),
                        groupId,
                        group.name(),
                        serviceId,
                        service.name(),
                        selector.stored(),
                        time.millis());
                GroupServiceRows.insert(h, rule);
                note(h, caller, "DM_add_group_node_service", rule, Map.of(), told(rule));
                instances.moved(h, GroupServiceRows.nodes(h, groupId), caller.actor());
                return rule.groupServiceId();
            });
        } catch (ConstraintViolation e) {
            throw new Problem(
                            "group-service.exists",
                            "The group has this service already.",
                            "Say what its instances are to follow with DM_update_group_node_service.")
                    .asException(e);
        }
    }

    private static void refuseImpossible(Handle h, String serviceId, Selector selector) {
        if (selector instanceof Selector.Pinned(long version)) {
            Services.required(h, serviceId, Math.toIntExact(version));
            Retirement.refuseRetired(h, serviceId, version);
        }
    }

    /**
     * Says what a rule's instances follow. Those that somebody had follow something else than the rule said stay as they are.
     *
     * @throws io.skerry.spec.ProblemException {@code group-service.unknown}, {@code service.version-unknown}, {@code
     *     service.version-retired}
     */
    public void select(String groupServiceId, Selector selector, Caller caller) {
        storage.write(h -> {
            GroupService rule = required(h, groupServiceId, caller);
            if (rule.selector().equals(selector.stored())) {
                return rule;
            }
            refuseImpossible(h, rule.serviceId(), selector);
            List<String> nodes = GroupServiceRows.nodes(h, rule.groupId());
            List<Instance> following = instancesOf(h, groupServiceId).stream()
                    .filter(i -> i.selector().equals(rule.selector()))
                    .toList();
            Map<String, Target> before =
                    desired.targets(h, following.stream().map(Instance::nodeId).collect(Collectors.toSet()));
            h.createUpdate("UPDATE group_services SET selector = :selector WHERE group_service_id = :id")
                    .bind("selector", selector.stored())
                    .bind("id", groupServiceId)
                    .execute();
            note(
                    h,
                    caller,
                    "DM_update_group_node_service",
                    rule,
                    Map.of(InstanceRows.SELECTOR, rule.selector().orElse("")),
                    Map.of(InstanceRows.SELECTOR, selector.stored().orElse("")));
            following.forEach(i -> {
                InstanceRows.follow(h, i.instanceId(), selector, before.get(i.instanceId()));
                instances.note(
                        h,
                        caller.actor(),
                        "DM_update_group_node_service",
                        i,
                        Map.of(InstanceRows.SELECTOR, i.selector().orElse("")),
                        Map.of(InstanceRows.SELECTOR, selector.stored().orElse("")));
            });
            instances.moved(h, nodes, caller.actor());
            return rule;
        });
    }

    private static List<Instance> instancesOf(Handle h, String groupServiceId) {
        return h.createQuery(InstanceRows.SELECT + " WHERE i.group_service_id = :id ORDER BY i.instance_id")
                .bind("id", groupServiceId)
                .map((rs, c) -> InstanceRows.row(rs))
                .list();
    }

    /**
     * Takes a service from a group, and from its devices the instances that came by it with their volumes, as far as no other of
     * their groups has it.
     *
     * @throws io.skerry.spec.ProblemException {@code group-service.unknown}, {@code instance.needed}; nothing is removed then
     */
    public void remove(String groupServiceId, Caller caller) {
        storage.write(h -> {
            GroupService rule = required(h, groupServiceId, caller);
            note(h, caller, "DM_remove_group_node_service", rule, told(rule), Map.of());
            instances.withdraw(h, GroupServiceRows.nodes(h, rule.groupId()), groupServiceId, caller.actor());
            h.execute("DELETE FROM group_services WHERE group_service_id = ?", groupServiceId);
            return rule;
        });
    }

    /** The rule of this id, whoever's it is. */
    public Optional<GroupService> find(String groupServiceId) {
        return storage.read(h -> GroupServiceRows.find(h, groupServiceId));
    }

    /** A customer's rules in the order in which they were made, all or those of one group or one service. */
    public Page<GroupService> list(
            String customerId,
            @SuppressWarnings("OptionalUsedAsFieldOrParameterType") Optional<String> groupId,
            @SuppressWarnings("OptionalUsedAsFieldOrParameterType") Optional<String> serviceId,
            int take,
            String cursor) {
        return storage.read(h -> Page.of(
                h.createQuery(GroupServiceRows.SELECT
                                + " WHERE r.customer_id = :customer AND r.group_service_id > :cursor"
                                + " AND (CAST(:group AS TEXT) IS NULL OR r.group_id = :group)"
                                + " AND (CAST(:service AS TEXT) IS NULL OR r.service_id = :service)"
                                + " ORDER BY r.group_service_id LIMIT :most")
                        .bind("customer", customerId)
                        .bind("cursor", cursor)
                        .bind("group", groupId)
                        .bind("service", serviceId)
                        .bind("most", take + 1)
                        .map((rs, c) -> GroupServiceRows.row(rs))
                        .list(),
                take,
                GroupService::groupServiceId));
    }

    /** How many devices have what these rules say, by rule. */
    public Map<String, GroupService.Counts> counts(Collection<String> groupServiceIds) {
        return storage.read(h -> GroupServiceRows.counts(h, Set.copyOf(groupServiceIds)));
    }

    private static GroupService required(Handle h, String groupServiceId, Caller caller) {
        return GroupServiceRows.find(h, groupServiceId)
                .filter(r -> caller.sees(r.customerId()))
                .orElseThrow(() -> unknown(groupServiceId).asException());
    }

    /** What is said of a rule that isn't there, or is another customer's. */
    public static Problem unknown(String groupServiceId) {
        return new Problem(
                "group-service.unknown",
                "No group has a service under the id '" + Text.shortened(groupServiceId, 60) + "'.",
                "Look the ids up with DM_get_group_node_services or 'skerry group service ls'.");
    }

    private void note(
            Handle h,
            Caller caller,
            String operation,
            GroupService rule,
            Map<String, Object> before,
            Map<String, Object> after) {
        audit.note(
                h,
                caller.actor(),
                new Change(
                        Optional.of(rule.customerId()),
                        operation,
                        "group-service",
                        rule.groupServiceId(),
                        rule.serviceName() + " on " + rule.groupName(),
                        before,
                        after));
    }

    private static Map<String, Object> told(GroupService rule) {
        return new TreeMap<>(Map.of(
                "group_id",
                rule.groupId(),
                "node_service_id",
                rule.serviceId(),
                InstanceRows.SELECTOR,
                rule.selector().orElse("")));
    }
}
