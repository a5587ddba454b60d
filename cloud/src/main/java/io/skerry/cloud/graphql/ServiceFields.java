package io.skerry.cloud.graphql;

import graphql.schema.DataFetchingEnvironment;
import graphql.schema.idl.RuntimeWiring;
import io.skerry.cloud.service.ImportRequest;
import io.skerry.cloud.service.ImportView;
import io.skerry.cloud.service.NetworkConfig;
import io.skerry.cloud.service.Retirement;
import io.skerry.cloud.service.Service;
import io.skerry.cloud.service.ServiceImports;
import io.skerry.cloud.service.Services;
import io.skerry.cloud.service.Services.VersionKey;
import io.skerry.cloud.service.Version;
import io.skerry.cloud.service.VersionImage;
import io.skerry.cloud.service.VersionSettings;
import io.skerry.cloud.storage.Page;
import io.skerry.cloud.storage.TimeCursor;
import io.skerry.cloud.subnet.LanSubnet;
import io.skerry.spec.Wire;
import io.skerry.spec.desired.Goal;
import io.skerry.spec.desired.HealthCheck;
import io.skerry.spec.desired.Membership;
import io.skerry.spec.desired.Recovery;
import io.skerry.spec.desired.RestartScope;
import io.skerry.spec.desired.UpdateRules;
import io.skerry.spec.network.Subnet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.dataloader.DataLoader;
import org.dataloader.DataLoaderFactory;
import org.dataloader.DataLoaderRegistry;
import org.jspecify.annotations.Nullable;

/** Node services, their versions and imports. */
final class ServiceFields implements Fields {
    private static final Pattern VERSION = Pattern.compile("[1-9][0-9]{0,8}");
    private static final String ID = "node_service_id";
    private static final String VERSIONS = "versions";
    private static final String IMAGES = "images";

    private final Services services;
    private final ServiceImports imports;
    private final Retirement retirement;

    ServiceFields(Services services, ServiceImports imports, Retirement retirement) {
        this.services = services;
        this.retirement = retirement;
        this.imports = imports;
    }

    @Override
    public void wire(RuntimeWiring.Builder wiring) {
        wiring.type(
                "Query",
                query -> query.dataFetcher("DM_get_node_services", e -> list(new Arguments(e)))
                        .dataFetcher("DM_get_node_service", e -> one(new Arguments(e)))
                        .dataFetcher("DM_get_node_service_difference", e -> difference(new Arguments(e)))
                        .dataFetcher("DM_get_node_service_imports", e -> imports(new Arguments(e)))
                        .dataFetcher("DM_get_node_service_import", e -> oneImport(new Arguments(e))));
        wiring.type(
                "Mutation",
                mutation -> mutation.dataFetcher("DM_import_node_service", e -> run(new Arguments(e)))
                        .dataFetcher("DM_retire_node_service_version", e -> retire(new Arguments(e)))
                        .dataFetcher("DM_remove_node_service_version", e -> removeVersion(new Arguments(e)))
                        .dataFetcher("DM_remove_node_service", e -> remove(new Arguments(e))));
        wiring.type("NodeService", service -> service.dataFetcher("versions", ServiceFields::versions));
        wiring.type("NodeServiceVersion", version -> version.dataFetcher("images", ServiceFields::images));
    }

    @Override
    public void loaders(DataLoaderRegistry.Builder registry) {
        registry.register(
                VERSIONS, DataLoaderFactory.<VersionsKey, Page<Version>>newMappedDataLoader(this::loadVersions));
        registry.register(
                IMAGES, DataLoaderFactory.<VersionKey, List<VersionImage>>newMappedDataLoader(this::loadImages));
    }

    private CompletableFuture<Map<VersionsKey, Page<Version>>> loadVersions(Set<VersionsKey> keys) {
        Map<VersionsKey, Page<Version>> pages = new HashMap<>();
        keys.stream()
                .collect(Collectors.groupingBy(VersionsKey::before))
                .forEach((before, alike) -> pages.putAll(versions(before, alike)));
        return CompletableFuture.completedFuture(pages);
    }

    private Map<VersionsKey, Page<Version>> versions(int before, List<VersionsKey> keys) {
        int most = keys.stream().mapToInt(VersionsKey::take).max().orElse(0) + 1;
        Map<String, List<Version>> found =
                services.versions(keys.stream().map(VersionsKey::serviceId).collect(Collectors.toSet()), before, most);
        return keys.stream()
                .collect(Collectors.toMap(
                        key -> key,
                        key -> Page.of(
                                found.getOrDefault(key.serviceId, List.of()).stream()
                                        .limit(key.take + 1L)
                                        .toList(),
                                key.take,
                                version -> Integer.toString(version.number()))));
    }

    private CompletableFuture<Map<VersionKey, List<VersionImage>>> loadImages(Set<VersionKey> keys) {
        return CompletableFuture.completedFuture(services.images(keys));
    }

    private Map<String, @Nullable Object> list(Arguments arguments) {
        String customer = arguments.customer("customer_id");
        int take = arguments.take();
        Page<Service> page = arguments
                .optionalText("name")
                .map(name -> new Page<>(services.named(customer, name).stream().toList(), Optional.empty()))
                .orElseGet(() -> services.list(customer, take, arguments.idCursor()));
        return new Shape()
                .with(
                        "services",
                        page.items().stream().map(ServiceFields::shape).toList())
                .with("next_cursor", page.nextCursor())
                .fields();
    }

    private @Nullable Map<String, @Nullable Object> one(Arguments arguments) {
        return services.find(arguments.text("node_service_id"))
                .filter(s -> arguments.caller().sees(s.customerId()))
                .map(ServiceFields::shape)
                .orElse(null);
    }

    private Map<String, @Nullable Object> imports(Arguments arguments) {
        Page<ImportView> page = imports.newest(
                arguments.customer("customer_id"), arguments.take(), TimeCursor.parse(arguments.cursor()));
        return new Shape()
                .with("imports", page.items().stream().map(ServiceFields::shape).toList())
                .with("next_cursor", page.nextCursor())
                .fields();
    }

    private @Nullable Map<String, @Nullable Object> oneImport(Arguments arguments) {
        return imports.find(arguments.text("import_id")).stream()
                .filter(i -> arguments.caller().sees(i.customerId()))
                .findFirst()
                .map(ServiceFields::shape)
                .orElse(null);
    }

    private List<Map<String, @Nullable Object>> difference(Arguments arguments) {
        String id = arguments.text(ID);
        Service service = services.find(id)
                .filter(s -> arguments.caller().sees(s.customerId()))
                .orElseThrow(() -> Services.unknown(id).asException());
        return services
                .difference(service.serviceId(), arguments.whole("from_version", 0), arguments.whole("to_version", 0))
                .stream()
                .map(d -> new Shape()
                        .with("field", d.field())
                        .with("before", d.before())
                        .with("after", d.after())
                        .fields())
                .toList();
    }

    private String retire(Arguments arguments) {
        retirement.retire(
                arguments.text(ID),
                arguments.whole("container_version", 0),
                arguments.flag("retired"),
                arguments.caller());
        return arguments.text(ID);
    }

    private String removeVersion(Arguments arguments) {
        retirement.removeVersion(arguments.text(ID), arguments.whole("container_version", 0), arguments.caller());
        return arguments.text(ID);
    }

    private String remove(Arguments arguments) {
        retirement.remove(arguments.text(ID), arguments.caller());
        return arguments.text(ID);
    }

    private String run(Arguments arguments) {
        ImportRequest request = ImportRequest.parse(arguments.object("input"));
        arguments.seen(request.customerId());
        return imports.run(request, arguments.caller().actor()).serviceId();
    }

    private static CompletableFuture<Map<String, @Nullable Object>> versions(DataFetchingEnvironment environment) {
        DataLoader<VersionsKey, Page<Version>> loader = Objects.requireNonNull(environment.getDataLoader(VERSIONS));
        var arguments = new Arguments(environment);
        var key = new VersionsKey(arguments.of(ID), arguments.take(), before(arguments.cursor()));
        return loader.load(key)
                .thenApply(page -> new Shape()
                        .with(
                                "versions",
                                page.items().stream().map(ServiceFields::shape).toList())
                        .with("next_cursor", page.nextCursor())
                        .fields());
    }

    private static int before(String cursor) {
        if (cursor.isEmpty()) {
            return Integer.MAX_VALUE;
        }
        if (!VERSION.matcher(cursor).matches()) {
            throw Page.unknownCursor(cursor).asException();
        }
        return Integer.parseInt(cursor);
    }

    private static CompletableFuture<List<Map<String, @Nullable Object>>> images(DataFetchingEnvironment environment) {
        DataLoader<VersionKey, List<VersionImage>> loader = Objects.requireNonNull(environment.getDataLoader(IMAGES));
        var arguments = new Arguments(environment);
        var key = new VersionKey(arguments.of(ID), Integer.parseInt(arguments.of("container_version")));
        return loader.load(key)
                .thenApply(found -> Optional.ofNullable(found).orElse(List.of()).stream()
                        .map(ServiceFields::shape)
                        .toList());
    }

    static Map<String, @Nullable Object> shape(Service service) {
        return new Shape()
                .with("node_service_id", service.serviceId())
                .with("customer_id", service.customerId())
                .with("name", service.name())
                .with("container_version", service.latestVersion())
                .with("container_image", service.containerImage())
                .with("network_config", shape(service.network().config()))
                .with("access_provided_subnet", subnet(service, l -> Optional.of(l.provided())))
                .with("dhcp_range_template", subnet(service, LanSubnet::template))
                .with("dhcp_range", subnet(service, LanSubnet::range))
                .with("created_at", service.createdAt())
                .fields();
    }

    private static Optional<String> subnet(Service service, Function<LanSubnet, Optional<Subnet>> field) {
        return service.network().lan().flatMap(field).map(Subnet::toString);
    }

    private static Map<String, @Nullable Object> shape(NetworkConfig network) {
        return new Shape()
                .with("wan_configure_network", network.wan().word())
                .with("lan_configure_network", network.lan().word())
                .with(
                        "access_interfaces",
                        network.interfaces().stream()
                                .map(i -> new Shape()
                                        .with("name", i.name())
                                        .with("label", i.label())
                                        .fields())
                                .toList())
                .fields();
    }

    private static Map<String, @Nullable Object> shape(Version version) {
        VersionSettings settings = version.settings();
        return new Shape()
                .with("node_service_id", version.serviceId())
                .with("container_version", version.number())
                .with("container_image", version.containerImage())
                .with("created_at", version.createdAt())
                .with("retired_at", version.retiredAt())
                .with("memory_limit_mb", settings.memoryMb())
                .with("cpu_limit_millis", settings.cpuMillis())
                .with("pids_limit", settings.pids())
                .with(
                        "volumes",
                        settings.volumes().stream()
                                .map(v -> Map.of(
                                        "source",
                                        v.source(),
                                        "target",
                                        v.target(),
                                        "shareable",
                                        v.shareable(),
                                        "snapshot",
                                        v.snapshot()))
                                .toList())
                .with(
                        "environment",
                        settings.environment().entrySet().stream()
                                .map(v -> Map.of("name", v.getKey(), "value", v.getValue()))
                                .toList())
                .with("restart", settings.restart().word())
                .with("stop_seconds", settings.stopSeconds())
                .with("probation_seconds", settings.probationSeconds())
                .with(
                        "health",
                        settings.health()
                                .map(h -> Wire.lenient(HealthCheck.class).toJson(h)))
                .with("group", settings.membership().flatMap(Membership::group))
                .with(
                        "status_goal",
                        settings.membership().flatMap(Membership::goal).map(Goal::word))
                .with("goal_seconds", settings.membership().flatMap(Membership::goalSeconds))
                .with(
                        "update_scope",
                        settings.membership().flatMap(Membership::restart).map(RestartScope::word))
                .with("after", settings.after())
                .with("recovery", settings.recovery().map(ServiceFields::shape))
                .with("update", settings.update().map(ServiceFields::shape))
                .fields();
    }

    private static Map<String, @Nullable Object> shape(Recovery recovery) {
        return new Shape()
                .with("max_retries", recovery.maxRetries())
                .with("retry_delay_seconds", recovery.retryDelaySeconds())
                .with("backoff_factor", recovery.backoffFactor())
                .with("most_delay_seconds", recovery.mostDelaySeconds())
                .with("stable_seconds", recovery.stableSeconds())
                .with("exhausted", recovery.exhausted().word())
                .with("pause_seconds", recovery.pauseSeconds())
                .fields();
    }

    private static Map<String, @Nullable Object> shape(UpdateRules update) {
        return new Shape()
                .with("strategy", update.strategy().word())
                .with("pre_update", update.preUpdate().map(ServiceFields::shape))
                .with("post_update", update.postUpdate().map(ServiceFields::shape))
                .with("hand_over", update.handOver().map(ServiceFields::shape))
                .with("lock_seconds", update.lockSeconds())
                .fields();
    }

    private static Map<String, @Nullable Object> shape(UpdateRules.Hook hook) {
        return new Shape()
                .with("command", hook.command())
                .with("timeout_seconds", hook.timeoutSeconds())
                .fields();
    }

    private static Map<String, @Nullable Object> shape(VersionImage image) {
        return new Shape()
                .with("arch", image.architecture().word())
                .with("image_reference", image.imageReference())
                .with("digest", image.manifest().value())
                .with("compressed_bytes", image.compressedBytes())
                .with("unpacked_bytes", image.unpackedBytes())
                .fields();
    }

    private static Map<String, @Nullable Object> shape(ImportView view) {
        return new Shape()
                .with("import_id", view.importId())
                .with("service_name", view.serviceName())
                .with("state", view.state().word())
                .with("step", view.step())
                .with("bytes_done", view.bytesDone())
                .with("bytes_total", view.bytesTotal())
                .with("started_at", view.startedAt())
                .with("ended_at", view.endedAt())
                .with("node_service_id", view.serviceId())
                .with("container_version", view.version())
                .with("problem", view.problem().map(Shape::problem))
                .fields();
    }

    /** How many of a service's versions are asked for, and before which one. */
    private record VersionsKey(String serviceId, int take, int before) {}
}
