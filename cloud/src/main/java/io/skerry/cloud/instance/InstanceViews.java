package io.skerry.cloud.instance;

import io.skerry.cloud.desired.DesiredStates;
import io.skerry.cloud.desired.Target;
import io.skerry.cloud.node.NodeRecord;
import io.skerry.cloud.node.Nodes;
import io.skerry.cloud.storage.Storage;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;

/** Gathers what is known of instances, a few queries for any number of them. */
public final class InstanceViews {
    private static final int CHUNK = 500;

    private final Storage storage;
    private final DesiredStates desired;
    private final Nodes nodes;

    public InstanceViews(Storage storage, DesiredStates desired, Nodes nodes) {
        this.storage = storage;
        this.desired = desired;
        this.nodes = nodes;
    }

    /** How these instances stand, in their order. */
    public List<InstanceView> of(Collection<Instance> instances) {
        Set<String> nodeIds = instances.stream().map(Instance::nodeId).collect(Collectors.toSet());
        Map<String, Target> targets = storage.read(h -> desired.targets(h, nodeIds));
        Map<String, NodeFacts.Told> told = storage.read(h -> told(h, List.copyOf(nodeIds)));
        Map<String, NodeRecord> records = records(List.copyOf(nodeIds));
        return instances.stream()
                .map(i -> InstanceView.of(
                        i,
                        targets.getOrDefault(i.instanceId(), new Target.Nothing()),
                        new NodeFacts(
                                nodes.online(i.nodeId()),
                                Optional.ofNullable(records.get(i.nodeId())).flatMap(NodeRecord::status),
                                Optional.ofNullable(told.get(i.nodeId())))))
                .toList();
    }

    private Map<String, NodeRecord> records(List<String> nodeIds) {
        var records = new HashMap<String, NodeRecord>();
        for (int from = 0; from < nodeIds.size(); from += CHUNK) {
            records.putAll(nodes.byIds(nodeIds.subList(from, Math.min(nodeIds.size(), from + CHUNK))));
        }
        return records;
    }

    private static Map<String, NodeFacts.Told> told(Handle h, List<String> nodeIds) {
        var told = new HashMap<String, NodeFacts.Told>();
        for (int from = 0; from < nodeIds.size(); from += CHUNK) {
            h.createQuery("SELECT node_id, workload, previous_workload FROM desired_states WHERE node_id IN (<ids>)")
                    .bindList("ids", nodeIds.subList(from, Math.min(nodeIds.size(), from + CHUNK)))
                    .map((rs, c) -> Map.entry(
                            rs.getString("node_id"),
                            NodeFacts.Told.of(rs.getString("workload"), rs.getString("previous_workload"))))
                    .forEach(e -> told.put(e.getKey(), e.getValue()));
        }
        return told;
    }
}
