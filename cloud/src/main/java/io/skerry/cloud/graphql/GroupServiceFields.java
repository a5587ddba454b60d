package io.skerry.cloud.graphql;

import graphql.schema.DataFetchingEnvironment;
import graphql.schema.idl.RuntimeWiring;
import io.skerry.cloud.instance.AbsentInstance;
import io.skerry.cloud.instance.AbsentInstances;
import io.skerry.cloud.instance.GroupService;
import io.skerry.cloud.instance.GroupServices;
import io.skerry.cloud.storage.Page;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.dataloader.DataLoader;
import org.dataloader.DataLoaderFactory;
import org.dataloader.DataLoaderRegistry;
import org.jspecify.annotations.Nullable;

/** The services that devices have by their groups, and who can't have them. */
final class GroupServiceFields implements Fields {
    private static final String ID = "group_node_service_id";
    private static final String ABSENT = "absent-instances";
    private static final String COUNTS = "group-service-counts";

    private final GroupServices services;
    private final AbsentInstances absent;

    GroupServiceFields(GroupServices services, AbsentInstances absent) {
        this.services = services;
        this.absent = absent;
    }

    @Override
    public void wire(RuntimeWiring.Builder wiring) {
        wiring.type(
                "Query",
                query -> query.dataFetcher("DM_get_group_node_services", e -> list(new Arguments(e)))
                        .dataFetcher("DM_get_group_node_service", e -> one(new Arguments(e)))
                        .dataFetcher("DM_get_absent_instances", e -> absent(new Arguments(e))));
        wiring.type(
                "Mutation",
                mutation -> mutation.dataFetcher("DM_add_group_node_service", e -> add(new Arguments(e)))
                        .dataFetcher("DM_update_group_node_service", e -> update(new Arguments(e)))
                        .dataFetcher("DM_remove_group_node_service", e -> remove(new Arguments(e))));
        wiring.type("Node", node -> node.dataFetcher("absent_instances", GroupServiceFields::absentOn));
        wiring.type(
                "GroupNodeService",
                rule -> rule.dataFetcher("instance_count", e -> counted(e, GroupService.Counts::instances))
                        .dataFetcher("absent_count", e -> counted(e, GroupService.Counts::absent)));
    }

    @Override
    public void loaders(DataLoaderRegistry.Builder registry) {
        registry.register(ABSENT, DataLoaderFactory.<String, List<AbsentInstance>>newMappedDataLoader(this::absentOf));
        registry.register(
                COUNTS,
                DataLoaderFactory.<String, GroupService.Counts>newMappedDataLoader(
                        (Set<String> ids) -> CompletableFuture.completedFuture(services.counts(ids))));
    }

    private CompletableFuture<Map<String, List<AbsentInstance>>> absentOf(Set<String> nodeIds) {
        return CompletableFuture.completedFuture(
                absent.on(nodeIds).stream().collect(Collectors.groupingBy(AbsentInstance::nodeId)));
    }

    private static CompletableFuture<List<Map<String, @Nullable Object>>> absentOn(
            DataFetchingEnvironment environment) {
        DataLoader<String, List<AbsentInstance>> loader = Objects.requireNonNull(environment.getDataLoader(ABSENT));
        return loader.load(source(environment, "node_id"))
                .thenApply(found -> shapes(Optional.ofNullable(found).orElse(List.of())));
    }

    private interface Count {
        int of(GroupService.Counts counts);
    }

    private static CompletableFuture<Integer> counted(DataFetchingEnvironment environment, Count count) {
        DataLoader<String, GroupService.Counts> loader = Objects.requireNonNull(environment.getDataLoader(COUNTS));
        return loader.load(source(environment, ID)).thenApply(count::of);
    }

    private static String source(DataFetchingEnvironment environment, String id) {
        Map<?, ?> source = Objects.requireNonNull(environment.<@Nullable Map<?, ?>>getSource());
        return String.valueOf(source.get(id));
    }

    private Map<String, @Nullable Object> list(Arguments arguments) {
        Page<GroupService> page = services.list(
                arguments.customer("customer_id"),
                arguments.optionalText("group_id"),
                arguments.optionalText("node_service_id"),
                arguments.take(),
                arguments.idCursor());
        return new Shape()
                .with(
                        "group_node_services",
                        page.items().stream().map(GroupServiceFields::shape).toList())
                .with("next_cursor", page.nextCursor())
                .fields();
    }

    private @Nullable Map<String, @Nullable Object> one(Arguments arguments) {
        return services.find(arguments.text(ID))
                .filter(r -> arguments.caller().sees(r.customerId()))
                .map(GroupServiceFields::shape)
                .orElse(null);
    }

    private Map<String, @Nullable Object> absent(Arguments arguments) {
        Optional<String> node = arguments.nodeSeen("customer_id", "node_id");
        Page<AbsentInstance> page = absent.list(
                arguments.text("customer_id"),
                new AbsentInstances.Filter(arguments.optionalText(ID), arguments.optionalText("node_service_id"), node),
                arguments.take(),
                arguments.idPairCursor());
        return new Shape()
                .with("absent_instances", shapes(page.items()))
                .with("next_cursor", page.nextCursor())
                .fields();
    }

    private String add(Arguments arguments) {
        return services.add(
                arguments.text("group_id"),
                arguments.text("node_service_id"),
                arguments.selectorOrLatest(),
                arguments.caller());
    }

    private String update(Arguments arguments) {
        services.select(arguments.text(ID), arguments.selector(), arguments.caller());
        return arguments.text(ID);
    }

    private String remove(Arguments arguments) {
        services.remove(arguments.text(ID), arguments.caller());
        return arguments.text(ID);
    }

    private static Map<String, @Nullable Object> shape(GroupService rule) {
        return new Shape()
                .with(ID, rule.groupServiceId())
                .with("customer_id", rule.customerId())
                .with("group_id", rule.groupId())
                .with("group_name", rule.groupName())
                .with("node_service_id", rule.serviceId())
                .with("service_name", rule.serviceName())
                .with("version_target_selector", rule.selector())
                .with("created_at", rule.createdAt())
                .fields();
    }

    private static List<Map<String, @Nullable Object>> shapes(List<AbsentInstance> found) {
        return found.stream()
                .map(a -> new Shape()
                        .with(ID, a.rule().groupServiceId())
                        .with("group_id", a.rule().groupId())
                        .with("group_name", a.rule().groupName())
                        .with("node_service_id", a.rule().serviceId())
                        .with("service_name", a.rule().serviceName())
                        .with("node_id", a.nodeId())
                        .with("node_name", a.nodeName())
                        .with("reason", Shape.problem(a.problem()))
                        .with("since", a.since())
                        .fields())
                .toList();
    }
}
