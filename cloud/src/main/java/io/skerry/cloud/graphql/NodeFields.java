package io.skerry.cloud.graphql;

import graphql.schema.DataFetchingEnvironment;
import graphql.schema.idl.RuntimeWiring;
import io.skerry.cloud.desired.DesiredStates;
import io.skerry.cloud.instance.DeviceWords;
import io.skerry.cloud.instance.InstanceView;
import io.skerry.cloud.instance.InstanceViews;
import io.skerry.cloud.instance.Instances;
import io.skerry.cloud.node.NodeChange;
import io.skerry.cloud.node.NodeFilter;
import io.skerry.cloud.node.NodeRecord;
import io.skerry.cloud.node.Nodes;
import io.skerry.cloud.storage.Page;
import io.skerry.cloud.tenancy.Group;
import io.skerry.cloud.tenancy.Groups;
import io.skerry.spec.desired.Position;
import io.skerry.spec.status.Capabilities;
import io.skerry.spec.status.DeviceStatus;
import io.skerry.spec.status.RevisionStatus;
import io.skerry.spec.status.VolumeReports;
import io.skerry.spec.status.WindowWaits;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.dataloader.DataLoader;
import org.dataloader.DataLoaderFactory;
import org.dataloader.DataLoaderRegistry;
import org.jspecify.annotations.Nullable;

/** Devices. */
final class NodeFields implements Fields {
    private static final String INSTANCES = "instances";

    private final Nodes nodes;
    private final Groups groups;
    private final DesiredStates desired;
    private final Instances instances;
    private final InstanceViews views;

    NodeFields(Nodes nodes, Groups groups, DesiredStates desired, Instances instances, InstanceViews views) {
        this.nodes = nodes;
        this.groups = groups;
        this.desired = desired;
        this.instances = instances;
        this.views = views;
    }

    @Override
    public void wire(RuntimeWiring.Builder wiring) {
        wiring.type(
                "Query",
                query -> query.dataFetcher("DM_get_nodes", e -> list(new Arguments(e)))
                        .dataFetcher("DM_get_node", e -> one(new Arguments(e))));
        wiring.type(
                "Mutation",
                mutation -> mutation.dataFetcher("DM_update_node", e -> change(new Arguments(e)))
                        .dataFetcher("DM_remove_node", e -> remove(new Arguments(e))));
        wiring.type("Subscription", live -> live.dataFetcher("DM_watch_node", e -> watched(new Arguments(e))));
        wiring.type("Node", node -> node.dataFetcher("instances", NodeFields::instances));
    }

    @Override
    public void loaders(DataLoaderRegistry.Builder registry) {
        registry.register(INSTANCES, DataLoaderFactory.<String, List<InstanceView>>newMappedDataLoader(this::load));
    }

    private CompletableFuture<Map<String, List<InstanceView>>> load(Set<String> nodeIds) {
        return CompletableFuture.completedFuture(views.of(instances.onNodes(nodeIds)).stream()
                .collect(Collectors.groupingBy(v -> v.instance().nodeId())));
    }

    private static CompletableFuture<List<Map<String, @Nullable Object>>> instances(
            DataFetchingEnvironment environment) {
        DataLoader<String, List<InstanceView>> loader = Objects.requireNonNull(environment.getDataLoader(INSTANCES));
        Map<?, ?> node = Objects.requireNonNull(environment.<@Nullable Map<?, ?>>getSource());
        return loader.load(String.valueOf(node.get("node_id")))
                .thenApply(found ->
                        InstanceFields.shapes(Optional.ofNullable(found).orElse(List.of())));
    }

    private Map<String, @Nullable Object> list(Arguments arguments) {
        Optional<String> own = arguments.nodeSeen("customer_id", "node_id");
        String customer = arguments.text("customer_id");
        Optional<Group> group = arguments
                .optionalText("group_id")
                .map(id -> groups.find(id)
                        .filter(g -> g.customerId().equals(customer)
                                && arguments.caller().sees(customer))
                        .orElseThrow(() -> Groups.unknown(id).asException()));
        Page<NodeRecord> page = nodes.list(
                customer,
                new NodeFilter(
                        own,
                        arguments.optionalText("name"),
                        group,
                        arguments.flag("recursive"),
                        arguments.pairs("labels").orElse(Map.of())),
                arguments.take(),
                arguments.idCursor());
        return new Shape()
                .with("nodes", page.items().stream().map(this::shape).toList())
                .with("next_cursor", page.nextCursor())
                .fields();
    }

    private @Nullable Map<String, @Nullable Object> one(Arguments arguments) {
        return nodes.get(arguments.text("node_id"))
                .filter(n -> arguments.caller().sees(n.customerId(), n.nodeId()))
                .map(this::shape)
                .orElse(null);
    }

    private @Nullable Map<String, @Nullable Object> watched(Arguments arguments) {
        Map<String, @Nullable Object> node = one(arguments);
        if (node != null) {
            arguments.watches(arguments.text("node_id"));
        }
        return node;
    }

    private String change(Arguments arguments) {
        String id = arguments.text("node_id");
        nodes.change(
                id,
                new NodeChange(
                        arguments.optionalText("name"),
                        arguments.given("group_id")
                                ? Optional.of(new NodeChange.Place(arguments.optionalText("group_id")))
                                : Optional.empty(),
                        arguments.pairs("labels"),
                        arguments.pairs("attributes")),
                arguments.caller());
        return id;
    }

    private String remove(Arguments arguments) {
        String id = arguments.text("node_id");
        nodes.remove(id, arguments.caller());
        return id;
    }

    private Map<String, @Nullable Object> shape(NodeRecord node) {
        Optional<DeviceStatus> status = node.status();
        Optional<RevisionStatus> revision = status.map(DeviceStatus::revision);
        Optional<DeviceStatus.Resources> resources = status.map(DeviceStatus::resources);
        return new Shape()
                .with("node_id", node.nodeId())
                .with("customer_id", node.customerId())
                .with("name", node.name())
                .with("group_id", node.groupId())
                .with("labels", pairs(node.labels()))
                .with("attributes", pairs(node.attributes()))
                .with("arch", node.capabilities().architecture().word())
                .with("created_at", node.createdAt())
                .with("online", nodes.online(node.nodeId()))
                .with("last_seen_at", node.lastSeenAt())
                .with("daemon_version", status.map(DeviceStatus::daemonVersion))
                .with("capabilities", shape(node.capabilities()))
                .with("revision", revision.map(RevisionStatus::current).orElse(0))
                .with("trying_revision", revision.flatMap(RevisionStatus::trying))
                .with(
                        "phase",
                        revision.map(RevisionStatus::phase)
                                .orElse(RevisionStatus.Phase.IDLE)
                                .word())
                .with("step", status.flatMap(DeviceWords::step))
                .with(
                        "window_waits",
                        revision.flatMap(RevisionStatus::waits)
                                .map(NodeFields::waits)
                                .orElse(List.of()))
                .with("last_outcome", status.flatMap(NodeFields::outcome))
                .with("given_up", status.map(NodeFields::givenUp).orElse(List.of()))
                .with(
                        "desired_position",
                        desired.position(node.nodeId()).orElse(Position.NONE).toString())
                .with(
                        "accepted_position",
                        status.map(DeviceStatus::accepted).orElse(Position.NONE).toString())
                .with("memory_total", resources.map(DeviceStatus.Resources::memoryTotal))
                .with("memory_available", resources.map(DeviceStatus.Resources::memoryAvailable))
                .with("disk_total", resources.map(DeviceStatus.Resources::diskTotal))
                .with("disk_free", resources.map(DeviceStatus.Resources::diskFree))
                .with("traffic", status.map(NodeFields::traffic).orElse(List.of()))
                .with(
                        "problems",
                        status.map(s -> s.problems().stream()
                                        .map(Shape::problem)
                                        .toList())
                                .orElse(List.of()))
                .fields();
    }

    private static List<Map<String, @Nullable Object>> waits(WindowWaits waits) {
        return waits.containers().stream()
                .map(wait -> new Shape()
                        .with("node_service_instance_id", wait.name())
                        .with("window", wait.window().word())
                        .with("opens_at", wait.opens())
                        .fields())
                .toList();
    }

    private static List<Map<String, @Nullable Object>> pairs(Map<String, String> words) {
        return new TreeMap<>(words)
                .entrySet().stream()
                        .map(e -> new Shape()
                                .with("name", e.getKey())
                                .with("value", e.getValue())
                                .fields())
                        .toList();
    }

    private static Map<String, @Nullable Object> shape(Capabilities capabilities) {
        return new Shape()
                .with("document_version", capabilities.documentVersion())
                .with("runtimes", capabilities.runtimes())
                .with("network_modes", capabilities.networkModes())
                .with("features", capabilities.features())
                .with("cgroup", capabilities.cgroup())
                .fields();
    }

    private static Optional<Map<String, @Nullable Object>> outcome(DeviceStatus status) {
        return status.revision()
                .outcome()
                .map(outcome -> new Shape()
                        .with("revision", outcome.revision())
                        .with("result", outcome.result().word())
                        .with(
                                "reason",
                                outcome.reason()
                                        .map(reason -> DeviceWords.reason(reason, status))
                                        .map(Shape::reason))
                        .with(
                                "volumes",
                                outcome.volumes().map(VolumeReports::volumes).orElse(List.of()).stream()
                                        .map(report -> shape(report, status))
                                        .toList())
                        .fields());
    }

    private static Map<String, @Nullable Object> shape(VolumeReports.Report report, DeviceStatus status) {
        return new Shape()
                .with("container", report.container())
                .with("service_name", DeviceWords.service(status, report.container()))
                .with("volume", report.volume())
                .with("method", report.method().word())
                .with("bytes", report.bytes())
                .with("taken_at", report.takenAt())
                .with("restored_at", report.restoredAt())
                .fields();
    }

    private static List<Map<String, @Nullable Object>> givenUp(DeviceStatus status) {
        return status.revision().allGivenUp().stream()
                .map(interval -> new Shape()
                        .with("revision", interval.revision())
                        .with("container", interval.container())
                        .with("service_name", DeviceWords.service(status, interval.container()))
                        .with("volume", interval.volume())
                        .with("taken_at", interval.takenAt())
                        .with("restored_at", interval.restoredAt())
                        .fields())
                .toList();
    }

    private static List<Map<String, @Nullable Object>> traffic(DeviceStatus status) {
        return status.bytes().entrySet().stream()
                .map(e -> new Shape()
                        .with("purpose", e.getKey())
                        .with("received", e.getValue().received())
                        .with("sent", e.getValue().sent())
                        .fields())
                .toList();
    }
}
