package io.skerry.cloud.graphql;

import graphql.schema.DataFetchingEnvironment;
import graphql.schema.idl.RuntimeWiring;
import io.skerry.cloud.storage.Page;
import io.skerry.cloud.window.Subject;
import io.skerry.cloud.window.UpdateTimes;
import io.skerry.cloud.window.WindowChanges;
import io.skerry.spec.Problem;
import io.skerry.spec.window.UpdateWindows;
import io.skerry.spec.window.Windows;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.dataloader.DataLoader;
import org.dataloader.DataLoaderFactory;
import org.dataloader.DataLoaderRegistry;
import org.jspecify.annotations.Nullable;

/** Update windows, time zones, and what is urgent. */
final class WindowFields implements Fields {
    private static final Map<String, Subject.Kind> WITH_WINDOWS = kinds(
            Map.entry("customer_id", Subject.Kind.CUSTOMER),
            Map.entry("group_id", Subject.Kind.GROUP),
            Map.entry("node_id", Subject.Kind.NODE),
            Map.entry("node_service_id", Subject.Kind.SERVICE));
    private static final Map<String, Subject.Kind> WITH_ZONE = kinds(
            Map.entry("customer_id", Subject.Kind.CUSTOMER),
            Map.entry("group_id", Subject.Kind.GROUP),
            Map.entry("node_id", Subject.Kind.NODE));
    private static final Map<String, Subject.Kind> URGENT = kinds(
            Map.entry("customer_id", Subject.Kind.CUSTOMER),
            Map.entry("group_id", Subject.Kind.GROUP),
            Map.entry("node_id", Subject.Kind.NODE),
            Map.entry("node_service_id", Subject.Kind.SERVICE),
            Map.entry("node_service_instance_id", Subject.Kind.INSTANCE));

    private static final String ZONES = "time-zones";

    private final WindowChanges windows;

    WindowFields(WindowChanges windows) {
        this.windows = windows;
    }

    @SafeVarargs
    private static Map<String, Subject.Kind> kinds(Map.Entry<String, Subject.Kind>... kinds) {
        var all = new LinkedHashMap<String, Subject.Kind>();
        for (Map.Entry<String, Subject.Kind> kind : kinds) {
            all.put(kind.getKey(), kind.getValue());
        }
        return all;
    }

    @Override
    public void wire(RuntimeWiring.Builder wiring) {
        wiring.type("Node", node -> node.dataFetcher("time_zone", WindowFields::zone));
        wiring.type("Query", query -> query.dataFetcher("DM_get_update_windows", e -> list(new Arguments(e))));
        wiring.type(
                "Mutation",
                mutation -> mutation.dataFetcher("DM_set_update_windows", e -> set(new Arguments(e)))
                        .dataFetcher("DM_remove_update_windows", e -> remove(new Arguments(e)))
                        .dataFetcher("DM_set_time_zone", e -> zone(new Arguments(e)))
                        .dataFetcher("DM_open_update_windows", e -> urgent(new Arguments(e))));
    }

    @Override
    public void loaders(DataLoaderRegistry.Builder registry) {
        registry.register(
                ZONES,
                DataLoaderFactory.<String, String>newMappedDataLoader(
                        ids -> CompletableFuture.completedFuture(windows.zones(ids))));
    }

    private static CompletableFuture<String> zone(DataFetchingEnvironment environment) {
        DataLoader<String, String> loader = Objects.requireNonNull(environment.getDataLoader(ZONES));
        Map<?, ?> node = Objects.requireNonNull(environment.<@Nullable Map<?, ?>>getSource());
        return loader.load(String.valueOf(node.get("node_id")));
    }

    private Map<String, @Nullable Object> list(Arguments arguments) {
        Page<UpdateTimes> page =
                windows.list(arguments.customer("customer_id"), arguments.take(), arguments.idCursor());
        return new Shape()
                .with(
                        "update_times",
                        page.items().stream().map(WindowFields::shape).toList())
                .with("next_cursor", page.nextCursor())
                .fields();
    }

    private String set(Arguments arguments) {
        Subject subject = subject(arguments, WITH_WINDOWS);
        windows.set(subject, WindowsInput.parsed(arguments.object("windows")), arguments.caller());
        return subject.id();
    }

    private String remove(Arguments arguments) {
        Subject subject = subject(arguments, WITH_WINDOWS);
        windows.remove(subject, arguments.caller());
        return subject.id();
    }

    private String zone(Arguments arguments) {
        Subject subject = subject(arguments, WITH_ZONE);
        windows.zone(subject, arguments.optionalText("time_zone"), arguments.caller());
        return subject.id();
    }

    private String urgent(Arguments arguments) {
        Subject subject = subject(arguments, URGENT);
        windows.urgent(subject, arguments.whole("minutes", 0), arguments.text("reason"), arguments.caller());
        return subject.id();
    }

    /** @throws io.skerry.spec.ProblemException {@code input.contradiction} */
    private static Subject subject(Arguments arguments, Map<String, Subject.Kind> kinds) {
        List<Subject> given = kinds.entrySet().stream()
                .flatMap(e -> arguments.optionalText(e.getKey()).map(id -> new Subject(e.getValue(), id)).stream())
                .toList();
        if (given.size() != 1) {
            throw new Problem(
                            "input.contradiction",
                            "The call names " + given.size() + " of " + String.join(", ", kinds.keySet()) + ".",
                            "Give exactly one of them.")
                    .asException();
        }
        return given.getFirst();
    }

    private static Map<String, @Nullable Object> shape(UpdateTimes times) {
        Subject subject = times.subject();
        return new Shape()
                .with("customer_id", times.customerId())
                .with("group_id", id(subject, Subject.Kind.GROUP))
                .with("node_id", id(subject, Subject.Kind.NODE))
                .with("node_service_id", id(subject, Subject.Kind.SERVICE))
                .with("node_service_instance_id", id(subject, Subject.Kind.INSTANCE))
                .with("windows", times.windows().map(WindowFields::shape))
                .with("time_zone", times.timeZone())
                .with("urgent_until", times.urgentUntil().filter(at -> at > 0))
                .with("urgent_reason", times.urgentReason())
                .fields();
    }

    private static Optional<String> id(Subject subject, Subject.Kind kind) {
        return Optional.of(subject).filter(s -> s.kind() == kind).map(Subject::id);
    }

    private static Map<String, @Nullable Object> shape(UpdateWindows windows) {
        return new Shape()
                .with("fetching", windows.fetching().map(WindowFields::shape))
                .with("switching", windows.switching().map(WindowFields::shape))
                .fields();
    }

    private static Map<String, @Nullable Object> shape(Windows windows) {
        return new Shape()
                .with(
                        "daily",
                        windows.daily().stream()
                                .map(w -> new Shape()
                                        .with(
                                                "days",
                                                w.days().stream()
                                                        .map(Enum::name)
                                                        .toList())
                                        .with("start", w.start().toString())
                                        .with("end", w.end().map(Object::toString))
                                        .with("minutes", w.minutes())
                                        .fields())
                                .toList())
                .with(
                        "scheduled",
                        windows.scheduled().stream()
                                .map(w -> new Shape()
                                        .with("from", w.from())
                                        .with("until", w.until())
                                        .fields())
                                .toList())
                .fields();
    }
}
