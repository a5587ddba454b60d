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
import java.util.stream.Gatherers;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;

/** Gathers what is known of instances, a few queries for any number of them. */
public final class InstanceViews {
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
        return stream(instances.stream()).toList();
    }

    /** As {@link #of}, looked at while the stream is read: what a large fleet's devices say doesn't fit into memory at once. */
    public Stream<InstanceView> stream(Stream<Instance> instances) {
        return instances.gather(Gatherers.windowFixed(Storage.ROWS_AT_ONCE)).flatMap(some -> chunk(some).stream());
    }

    private List<InstanceView> chunk(List<Instance> instances) {
        List<String> nodeIds =
                instances.stream().map(Instance::nodeId).distinct().toList();
        Map<String, Target> targets = storage.read(h -> desired.targets(h, nodeIds));
        Map<String, NodeFacts.Told> told = storage.read(h -> told(h, nodeIds));
        Map<String, NodeRecord> records = nodes.byIds(nodeIds);
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

    private static Map<String, NodeFacts.Told> told(Handle h, List<String> nodeIds) {
        var told = new HashMap<String, NodeFacts.Told>();
        h.createQuery("SELECT node_id, workload, previous_workload FROM desired_states WHERE node_id IN (<ids>)")
                .bindList("ids", nodeIds)
                .map((rs, c) -> Map.entry(
                        rs.getString("node_id"),
                        NodeFacts.Told.of(rs.getString("workload"), rs.getString("previous_workload"))))
                .forEach(e -> told.put(e.getKey(), e.getValue()));
        return told;
    }
}
