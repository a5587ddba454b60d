package io.skerry.cloud.instance;

import io.skerry.cloud.desired.DesiredStates;
import io.skerry.cloud.desired.Selector;
import io.skerry.cloud.desired.Target;
import io.skerry.cloud.node.WorkloadChanges;
import io.skerry.cloud.service.Service;
import io.skerry.cloud.service.Services;
import io.skerry.cloud.storage.Ids;
import io.skerry.cloud.storage.Storage;
import io.skerry.cloud.tenancy.Actor;
import io.skerry.cloud.tenancy.ApiKeys;
import io.skerry.cloud.tenancy.AuditLog;
import io.skerry.cloud.tenancy.PlaceChanges;
import io.skerry.spec.Problem;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Gatherers;
import org.jdbi.v3.core.Handle;

/**
 * Gives devices the instances that they are to have by their groups, and takes those away that they are to have no more, within the
 * work of whoever changed that. What a device can't have is noted with its reason, keeps nothing else from being done, and is tried
 * again whenever what the device is to run is worked out anew.
 */
public final class GroupInstances implements PlaceChanges, WorkloadChanges {
    private final Ids ids;
    private final InstantSource time;
    private final DesiredStates desired;
    private final InstanceRows rows;

    /** @param keys those of an instance go with it */
    public GroupInstances(Ids ids, InstantSource time, DesiredStates desired, ApiKeys keys, AuditLog audit) {
        this.ids = ids;
        this.time = time;
        this.desired = desired;
        this.rows = new InstanceRows(keys, audit);
    }

    @Override
    public void moved(Handle h, Collection<String> nodeIds, Actor by) {
        settle(h, nodeIds, Optional.empty(), by);
        desired.refresh(h, nodeIds);
    }

    @Override
    public void refresh(Handle h, Collection<String> nodeIds) {
        chunks(nodeIds).forEach(chunk -> {
            List<String> lacking = GroupServiceRows.lacking(h, chunk);
            if (!lacking.isEmpty()) {
                settle(h, lacking, Optional.empty(), Actor.CONTROL_PLANE);
            }
        });
        desired.refresh(h, nodeIds);
    }

    /** Takes away what devices have by a rule, as if it weren't there any more. */
    void withdraw(Handle h, Collection<String> nodeIds, String groupServiceId, Actor by) {
        settle(h, nodeIds, Optional.of(groupServiceId), by);
        desired.refresh(h, nodeIds);
    }

    void note(
            Handle h,
            Actor by,
            String operation,
            Instance instance,
            Map<String, Object> before,
            Map<String, Object> after) {
        rows.note(h, by, operation, instance, before, after);
    }

    private void settle(
            Handle h,
            Collection<String> nodeIds,
            @SuppressWarnings("OptionalUsedAsFieldOrParameterType") Optional<String> without,
            Actor by) {
        if (GroupServiceRows.any(h)) {
            chunks(nodeIds).forEach(chunk -> new Settlement(h, chunk, without, by).carryOut());
        }
    }

    private static List<List<String>> chunks(Collection<String> nodeIds) {
        return nodeIds.stream()
                .distinct()
                .gather(Gatherers.windowFixed(Storage.ROWS_AT_ONCE))
                .toList();
    }

    /** What is done for some devices in one piece of work. */
    private final class Settlement {
        private final Handle h;
        private final List<String> nodeIds;
        private final Actor by;
        private final Map<String, Instance> instances = new HashMap<>();
        private final Map<String, Entitlement> entitlements = new TreeMap<>();
        private final Map<String, Service> services = new HashMap<>();
        private final Map<GroupServiceRows.Absence, Problem> absences = new HashMap<>();

        Settlement(
                Handle h,
                List<String> nodeIds,
                @SuppressWarnings("OptionalUsedAsFieldOrParameterType") Optional<String> without,
                Actor by) {
            this.h = h;
            this.nodeIds = nodeIds;
            this.by = by;
            Map<String, List<String>> paths = GroupServiceRows.paths(h, nodeIds);
            List<Entitlement.Rule> rules =
                    GroupServiceRows.ofGroups(
                                    h,
                                    paths.values().stream()
                                            .flatMap(List::stream)
                                            .collect(Collectors.toSet()))
                            .stream()
                            .filter(r ->
                                    without.filter(r.groupServiceId()::equals).isEmpty())
                            .map(r ->
                                    new Entitlement.Rule(r.groupServiceId(), r.groupId(), r.serviceId(), r.selector()))
                            .toList();
            List<Instance> there = InstanceRows.onNodes(h, nodeIds);
            there.forEach(i -> instances.put(i.instanceId(), i));
            Map<String, List<Entitlement.Held>> held = there.stream()
                    .collect(Collectors.groupingBy(
                            Instance::nodeId, Collectors.mapping(Settlement::held, Collectors.toList())));
            paths.forEach((node, path) ->
                    entitlements.put(node, Entitlement.of(path, rules, held.getOrDefault(node, List.of()))));
        }

        private static Entitlement.Held held(Instance i) {
            return new Entitlement.Held(
                    i.instanceId(),
                    i.serviceId(),
                    i.selector(),
                    i.byGroup().map(Instance.ByGroup::groupServiceId),
                    i.byGroup().flatMap(Instance.ByGroup::selector));
        }

        void carryOut() {
            Set<String> losing = entitlements.entrySet().stream()
                    .filter(e -> !e.getValue().lost().isEmpty())
                    .map(Map.Entry::getKey)
                    .collect(Collectors.toSet());
            Map<String, Target> before = desired.targets(h, losing);
            take();
            give();
            Instances.refuseNeeded(before, desired.targets(h, losing));
            pass();
            GroupServiceRows.keepAbsences(h, nodeIds, absences, time.millis());
        }

        private void take() {
            List<Instance> lost = entitlements.values().stream()
                    .flatMap(e -> e.lost().stream())
                    .map(id -> Objects.requireNonNull(instances.get(id)))
                    .toList();
            rows.delete(h, lost.stream().map(Instance::instanceId).toList(), by);
            lost.forEach(i -> rows.note(h, by, "group-service.taken", i, InstanceRows.told(i), Map.of()));
        }

        /** Puts all that devices are to get there first, since one may need another, and then takes away what can't be. */
        private void give() {
            Map<String, GroupServiceRows.Absence> fresh = new LinkedHashMap<>();
            Map<String, List<String>> byService = new TreeMap<>();
            entitlements.forEach((node, entitlement) -> entitlement.gained().forEach(rule -> {
                String id = ids.next();
                InstanceRows.insert(
                        h,
                        id,
                        service(rule.serviceId()),
                        node,
                        selector(rule.selector()),
                        Optional.of(rule.ruleId()),
                        time.millis());
                fresh.put(id, new GroupServiceRows.Absence(rule.ruleId(), node));
                byService
                        .computeIfAbsent(rule.serviceId(), s -> new ArrayList<>())
                        .add(id);
            }));
            refuse(fresh, impossible(fresh));
            byService.forEach((serviceId, made) -> {
                made.retainAll(fresh.keySet());
                refuse(fresh, InstanceRows.address(h, service(serviceId), made));
            });
            // What needs one that got no addresses can't be either.
            refuse(fresh, impossible(fresh));
            InstanceRows.byIds(h, fresh.keySet())
                    .forEach(i -> rows.note(h, by, "group-service.given", i, Map.of(), InstanceRows.told(i)));
        }

        private Map<String, Problem> impossible(Map<String, GroupServiceRows.Absence> fresh) {
            Map<String, Problem> impossible = new HashMap<>();
            desired.targets(
                            h,
                            fresh.values().stream()
                                    .map(GroupServiceRows.Absence::nodeId)
                                    .collect(Collectors.toSet()))
                    .forEach((id, target) -> {
                        if (fresh.containsKey(id) && target instanceof Target.Refused refused) {
                            impossible.put(id, refused.problem());
                        }
                    });
            return impossible;
        }

        private void refuse(Map<String, GroupServiceRows.Absence> fresh, Map<String, Problem> problems) {
            rows.delete(h, problems.keySet(), by);
            problems.forEach((id, problem) ->
                    Optional.ofNullable(fresh.remove(id)).ifPresent(absence -> absences.put(absence, problem)));
        }

        private void pass() {
            Set<String> passing = entitlements.entrySet().stream()
                    .filter(e -> !e.getValue().passed().isEmpty())
                    .map(Map.Entry::getKey)
                    .collect(Collectors.toSet());
            Map<String, Target> before = desired.targets(h, passing);
            entitlements
                    .values()
                    .forEach(e -> e.passed().forEach((id, pass) -> {
                        Instance old = Objects.requireNonNull(instances.get(id));
                        h.execute(
                                "UPDATE instances SET group_service_id = ? WHERE instance_id = ?",
                                pass.rule().ruleId(),
                                id);
                        if (!pass.selector().equals(old.selector())) {
                            InstanceRows.follow(h, id, selector(pass.selector()), before.get(id));
                        }
                        rows.note(
                                h,
                                by,
                                "group-service.passed",
                                old,
                                InstanceRows.told(old),
                                InstanceRows.told(
                                        InstanceRows.byIds(h, List.of(id)).getFirst()));
                    }));
        }

        private Service service(String serviceId) {
            return services.computeIfAbsent(
                    serviceId, id -> Services.find(h, id).orElseThrow());
        }

        private static Selector selector(
                @SuppressWarnings("OptionalUsedAsFieldOrParameterType") Optional<String> stored) {
            return stored.map(Selector::parse).orElse(Selector.LATEST);
        }
    }
}
