package io.skerry.cloud.graphql;

import graphql.schema.idl.RuntimeWiring;
import io.skerry.cloud.instance.Instance;
import io.skerry.cloud.instance.InstanceFilter;
import io.skerry.cloud.instance.InstanceView;
import io.skerry.cloud.instance.InstanceViews;
import io.skerry.cloud.instance.Instances;
import io.skerry.cloud.instance.Rollout;
import io.skerry.cloud.service.Service;
import io.skerry.cloud.service.Services;
import io.skerry.cloud.storage.Page;
import io.skerry.cloud.subnet.LanAddress;
import io.skerry.spec.status.ContainerStatus;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Node service instances and rollouts. */
final class InstanceFields implements Fields {
    private static final String IDS = "node_service_instance_ids";
    private static final String VERSION = "container_version";
    private static final List<String> COUNTS = List.of("total", "done", "in_progress", "failed", "waiting_offline");

    private final Instances instances;
    private final InstanceViews views;
    private final Services services;

    InstanceFields(Instances instances, InstanceViews views, Services services) {
        this.instances = instances;
        this.views = views;
        this.services = services;
    }

    @Override
    public void wire(RuntimeWiring.Builder wiring) {
        wiring.type(
                "Query",
                query -> query.dataFetcher("DM_get_node_service_instances", e -> list(new Arguments(e)))
                        .dataFetcher("DM_get_node_service_instance", e -> one(new Arguments(e)))
                        .dataFetcher("DM_get_node_service_rollout", e -> rollout(new Arguments(e))));
        wiring.type("Rollout", rollout -> rollout.dataFetcher("instances", e -> followers(new Arguments(e))));
        wiring.type(
                "Subscription",
                live -> live.dataFetcher("DM_watch_node_service_instance", e -> watched(new Arguments(e))));
        wiring.type(
                "Mutation",
                mutation -> mutation.dataFetcher("DM_add_node_service_instance", e -> add(new Arguments(e)))
                        .dataFetcher("DM_remove_node_service_instances", e -> remove(new Arguments(e)))
                        .dataFetcher("DM_retry_node_service_instances", e -> retry(new Arguments(e)))
                        .dataFetcher("DM_update_node_service_instance_rollout_config", e -> select(new Arguments(e))));
    }

    private Map<String, @Nullable Object> list(Arguments arguments) {
        Optional<String> node = arguments.nodeSeen("customer_id", "node_id");
        Page<Instance> page = instances.list(
                arguments.text("customer_id"),
                new InstanceFilter(arguments.optionalText("node_service_id"), node),
                arguments.take(),
                arguments.idCursor());
        return shape(page);
    }

    private Map<String, @Nullable Object> shape(Page<Instance> page) {
        return new Shape()
                .with("instances", shapes(views.of(page.items())))
                .with("next_cursor", page.nextCursor())
                .fields();
    }

    private @Nullable Map<String, @Nullable Object> one(Arguments arguments) {
        return seen(arguments).map(this::shape).orElse(null);
    }

    private @Nullable Map<String, @Nullable Object> watched(Arguments arguments) {
        Optional<Instance> instance = seen(arguments);
        instance.ifPresent(i -> arguments.watches(i.nodeId()));
        return instance.map(this::shape).orElse(null);
    }

    private Optional<Instance> seen(Arguments arguments) {
        return instances
                .find(arguments.text("node_service_instance_id"))
                .filter(i -> arguments.caller().sees(i.customerId(), i.nodeId()));
    }

    private Map<String, @Nullable Object> shape(Instance instance) {
        return shape(views.of(List.of(instance)).getFirst());
    }

    private Map<String, @Nullable Object> rollout(Arguments arguments) {
        String id = arguments.text("node_service_id");
        Service service = services.find(id)
                .filter(s -> arguments.caller().sees(s.customerId()))
                .orElseThrow(() -> Services.unknown(id).asException());
        Shape shape = new Shape()
                .with("node_service_id", service.serviceId())
                .with(VERSION, service.latestVersion())
                .with("name", service.name());
        // They take a look at each device of the fleet, which whoever asks for a further page needn't wait for.
        if (arguments.asksForAnyOf(COUNTS)) {
            count(Rollout.of(service, views.stream(instances.ofService(id))), shape);
        }
        return shape.fields();
    }

    private static void count(Rollout rollout, Shape shape) {
        shape.with("total", rollout.total())
                .with("done", rollout.count(Rollout.Stand.DONE))
                .with("in_progress", rollout.count(Rollout.Stand.IN_PROGRESS))
                .with("failed", rollout.count(Rollout.Stand.FAILED))
                .with("waiting_offline", rollout.count(Rollout.Stand.WAITING_OFFLINE));
    }

    private Map<String, @Nullable Object> followers(Arguments arguments) {
        return shape(instances.followers(
                arguments.of("node_service_id"),
                Long.parseLong(arguments.of(VERSION)),
                arguments.take(),
                arguments.idCursor()));
    }

    private String add(Arguments arguments) {
        return instances.add(
                arguments.text("node_service_id"),
                arguments.text("node_id"),
                arguments.selectorOrLatest(),
                arguments.caller());
    }

    private List<String> remove(Arguments arguments) {
        List<String> ids = arguments.ids(IDS);
        instances.remove(ids, arguments.caller());
        return ids;
    }

    private List<String> retry(Arguments arguments) {
        List<String> ids = arguments.ids(IDS);
        instances.retry(ids, arguments.caller());
        return ids;
    }

    private List<String> select(Arguments arguments) {
        List<String> ids = arguments.ids(IDS);
        instances.select(ids, arguments.selector(), arguments.caller());
        return ids;
    }

    static List<Map<String, @Nullable Object>> shapes(List<InstanceView> views) {
        return views.stream().map(InstanceFields::shape).toList();
    }

    static Map<String, @Nullable Object> shape(InstanceView view) {
        Instance instance = view.instance();
        return new Shape()
                .with("node_service_instance_id", instance.instanceId())
                .with("customer_id", instance.customerId())
                .with("node_service_id", instance.serviceId())
                .with("service_name", instance.serviceName())
                .with("node_id", instance.nodeId())
                .with("node_name", instance.nodeName())
                .with("node_online", view.online())
                .with("version_target_selector", instance.selector())
                .with("by_group", instance.byGroup().map(InstanceFields::shape))
                .with("target_version", view.targetVersion())
                .with("running_version", view.runningVersion())
                .with("state", view.state().word())
                .with("reason", view.reason().map(Shape::reason))
                .with(
                        "restarts",
                        view.container().map(ContainerStatus::restarts).orElse(0))
                .with("last_exit", view.lastExit())
                .with(
                        "started_at",
                        view.container().map(ContainerStatus::startedAt).filter(at -> at > 0))
                .with("lan", instance.lan().map(InstanceFields::shape))
                .with("created_at", instance.createdAt())
                .fields();
    }

    private static Map<String, @Nullable Object> shape(Instance.ByGroup group) {
        return new Shape()
                .with("group_node_service_id", group.groupServiceId())
                .with("group_id", group.groupId())
                .with("group_name", group.groupName())
                .fields();
    }

    private static Map<String, @Nullable Object> shape(LanAddress lan) {
        return new Shape()
                .with("address", lan.address().toString())
                .with("range", lan.range().network())
                .with("own_range", lan.own())
                .fields();
    }
}
