package io.skerry.cloud.graphql;

import graphql.schema.idl.RuntimeWiring;
import io.skerry.cloud.instance.InstanceView;
import io.skerry.cloud.instance.InstanceViews;
import io.skerry.cloud.instance.Instances;
import io.skerry.cloud.node.NodeWords;
import io.skerry.cloud.rollout.MemberFilter;
import io.skerry.cloud.rollout.MemberState;
import io.skerry.cloud.rollout.Phase;
import io.skerry.cloud.rollout.Progress;
import io.skerry.cloud.rollout.Report;
import io.skerry.cloud.rollout.Reports;
import io.skerry.cloud.rollout.Rollout;
import io.skerry.cloud.rollout.RolloutPolicy;
import io.skerry.cloud.rollout.RolloutView;
import io.skerry.cloud.rollout.Rollouts;
import io.skerry.cloud.service.Services;
import io.skerry.cloud.storage.Page;
import io.skerry.spec.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Roll-outs in phases. */
final class RolloutFields implements Fields {
    private static final String ID = "rollout_id";
    private static final String SERVICE = "node_service_id";
    private static final int MOST_LABELS = 64;
    private static final List<String> COUNTS =
            List.of("progress", "phases/progress", "rollouts/progress", "rollouts/phases/progress");

    private final Rollouts rollouts;
    private final Services services;
    private final Reports reports;
    private final Instances instances;
    private final InstanceViews views;

    RolloutFields(Rollouts rollouts, Services services, Reports reports, Instances instances, InstanceViews views) {
        this.rollouts = rollouts;
        this.services = services;
        this.reports = reports;
        this.instances = instances;
        this.views = views;
    }

    @Override
    public void wire(RuntimeWiring.Builder wiring) {
        wiring.type(
                "Query",
                query -> query.dataFetcher("DM_get_rollouts", e -> list(new Arguments(e)))
                        .dataFetcher("DM_get_rollout", e -> one(new Arguments(e))));
        wiring.type("Subscription", live -> live.dataFetcher("DM_watch_rollout", e -> watched(new Arguments(e))));
        wiring.type("Rollout", rollout -> rollout.dataFetcher("phased", e -> phased(new Arguments(e), e.getSource())));
        wiring.type("PhasedRollout", rollout -> rollout.dataFetcher("members", e -> members(new Arguments(e))));
        wiring.type(
                "Mutation",
                mutation -> mutation.dataFetcher("DM_set_rollout_policy", e -> policy(new Arguments(e)))
                        .dataFetcher("DM_start_rollout", e -> start(new Arguments(e)))
                        .dataFetcher(
                                "DM_pause_rollout",
                                e -> change(new Arguments(e), (id, a) -> rollouts.pause(id, a.caller())))
                        .dataFetcher(
                                "DM_resume_rollout",
                                e -> change(new Arguments(e), (id, a) -> rollouts.resume(id, a.caller())))
                        .dataFetcher(
                                "DM_approve_rollout",
                                e -> change(new Arguments(e), (id, a) -> rollouts.approve(id, a.caller())))
                        .dataFetcher(
                                "DM_abort_rollout",
                                e -> change(new Arguments(e), (id, a) -> rollouts.abort(id, a.caller())))
                        .dataFetcher(
                                "DM_revert_rollout",
                                e -> change(new Arguments(e), (id, a) -> rollouts.revert(id, a.caller()))));
    }

    private Map<String, @Nullable Object> list(Arguments arguments) {
        String customer = arguments.customer("customer_id");
        Optional<String> service = arguments.optionalText(SERVICE);
        service.filter(id -> services.find(id)
                        .filter(s -> s.customerId().equals(customer))
                        .isEmpty())
                .ifPresent(id -> {
                    throw Services.unknown(id).asException();
                });
        Page<Rollout> page = rollouts.list(customer, service, arguments.take(), arguments.idCursor());
        return new Shape()
                .with(
                        "rollouts",
                        page.items().stream()
                                .flatMap(r -> withMembers(r, arguments).stream())
                                .map(v -> shape(v, arguments))
                                .toList())
                .with("next_cursor", page.nextCursor())
                .fields();
    }

    /** Whoever asks for no number needn't wait for its members to be read. */
    private Optional<RolloutView> withMembers(Rollout rollout, Arguments arguments) {
        return arguments.asksForAnyOf(COUNTS)
                ? rollouts.find(rollout.rolloutId())
                : Optional.of(new RolloutView(rollout, List.of()));
    }

    private @Nullable Map<String, @Nullable Object> one(Arguments arguments) {
        return seen(arguments).map(v -> shape(v, arguments)).orElse(null);
    }

    /** No device is watched: there may be a whole fleet of them, and roll-outs go on by the clock anyway. */
    private @Nullable Map<String, @Nullable Object> watched(Arguments arguments) {
        Optional<RolloutView> view = seen(arguments);
        if (view.filter(v -> v.rollout().state().active()).isEmpty()) {
            arguments.watchesNoMore();
        }
        return view.map(v -> shape(v, arguments)).orElse(null);
    }

    private Optional<RolloutView> seen(Arguments arguments) {
        return rollouts.find(arguments.text(ID))
                .filter(v -> arguments.caller().sees(v.rollout().customerId()));
    }

    private Map<String, @Nullable Object> shape(RolloutView view, Arguments arguments) {
        return shape(view, counted(arguments, view.rollout().serviceId()));
    }

    /** They take a look at each device that has the service, which whoever asks for no number needn't wait for. */
    private Map<String, Report> counted(Arguments arguments, String serviceId) {
        return arguments.asksForAnyOf(COUNTS) ? reports(arguments, serviceId) : Map.of();
    }

    /** One look at a service's devices for a whole request, however often it asks. */
    private Map<String, Report> reports(Arguments arguments, String serviceId) {
        Map<String, Map<String, Report>> known = Objects.requireNonNull(arguments
                .environment()
                .getGraphQlContext()
                .computeIfAbsent(RolloutFields.class, _ -> new ConcurrentHashMap<String, Map<String, Report>>()));
        return known.computeIfAbsent(serviceId, reports::of);
    }

    /** Of what {@link InstanceFields} tells of a service's newest version. */
    private @Nullable Map<String, @Nullable Object> phased(Arguments arguments, @Nullable Map<String, ?> newest) {
        String service = String.valueOf(Objects.requireNonNull(newest).get(SERVICE));
        String version = String.valueOf(newest.get("container_version"));
        return rollouts.newest(service)
                .filter(v -> version.equals(Long.toString(v.rollout().version())))
                .map(v -> shape(v, arguments))
                .orElse(null);
    }

    private Map<String, @Nullable Object> members(Arguments arguments) {
        Set<MemberState> states = arguments.words("states", MemberState.values().length).stream()
                .map(word -> MemberState.valueOf(word.toUpperCase(Locale.ROOT)))
                .collect(Collectors.toSet());
        Optional<Integer> phase = arguments.large("phase").map(RolloutFields::phase);
        int take = arguments.take();
        String cursor = arguments.idCursor();
        // Between two looks it may have been removed.
        Page<RolloutView.Placed> page = rollouts.find(arguments.of(ID))
                .map(view -> view.members(
                        new MemberFilter(phase, states),
                        reports(arguments, view.rollout().serviceId()),
                        take,
                        cursor))
                .orElseGet(() -> new Page<>(List.of(), Optional.empty()));
        Map<String, InstanceView> known =
                views
                        .of(instances.ofIds(page.items().stream()
                                .map(p -> p.member().instanceId())
                                .toList()))
                        .stream()
                        .collect(Collectors.toMap(v -> v.instance().instanceId(), v -> v));
        return new Shape()
                .with(
                        "members",
                        page.items().stream()
                                // It may have been removed between one look and the next.
                                .flatMap(p ->
                                        Optional.ofNullable(known.get(p.member().instanceId()))
                                                .map(instance -> shape(p, instance))
                                                .stream())
                                .toList())
                .with("next_cursor", page.nextCursor())
                .fields();
    }

    private static int phase(long number) {
        if (number < 1 || number > RolloutPolicy.MOST_PHASES) {
            throw new Problem(
                            "input.out-of-range",
                            "phase is " + number + ", which is out of bounds.",
                            "Give 1 for the first phase, and so on.")
                    .asException();
        }
        return (int) number - 1;
    }

    private static Map<String, @Nullable Object> shape(RolloutView.Placed placed, InstanceView view) {
        return new Shape()
                .with("phase", placed.member().phase() + 1)
                .with("state", placed.state().name().toLowerCase(Locale.ROOT))
                .with("admitted", placed.member().admitted())
                .with("before_version", placed.member().before())
                .with("instance", InstanceFields.shape(view))
                .fields();
    }

    private String policy(Arguments arguments) {
        String id = arguments.text(SERVICE);
        rollouts.setPolicy(id, given(arguments), arguments.caller());
        return id;
    }

    private String start(Arguments arguments) {
        return rollouts.start(arguments.text(SERVICE), given(arguments), arguments.caller());
    }

    private static String change(Arguments arguments, BiConsumer<String, Arguments> change) {
        String id = arguments.text(ID);
        change.accept(id, arguments);
        return id;
    }

    private static Optional<RolloutPolicy> given(Arguments arguments) {
        Map<?, ?> policy = arguments.environment().<Map<?, ?>>getArgument("policy");
        if (policy == null) {
            return Optional.empty();
        }
        List<?> phases = policy.get("phases") instanceof List<?> list ? list : List.of();
        refuseMany("phases", phases.size(), RolloutPolicy.MOST_PHASES);
        return Optional.of(new RolloutPolicy(
                phases.stream().map(p -> phase((Map<?, ?>) p)).toList(), Boolean.TRUE.equals(policy.get("manual"))));
    }

    private static void refuseMany(String what, int given, int most) {
        if (given > most) {
            throw new Problem("input.too-many", what + " has " + given + " entries.", "Give at most " + most + ".")
                    .asException();
        }
    }

    private static Phase phase(Map<?, ?> given) {
        Map<String, String> labels = new TreeMap<>();
        List<?> pairs = given.get("labels") instanceof List<?> list ? list : List.of();
        refuseMany("labels", pairs.size(), MOST_LABELS);
        for (Object one : pairs) {
            Map<?, ?> pair = (Map<?, ?>) one;
            labels.put(String.valueOf(pair.get("name")), String.valueOf(pair.get("value")));
        }
        return new Phase(
                NodeWords.labels(labels),
                number(given, "percent"),
                number(given, "count"),
                number(given, "success_percent").orElse(100),
                number(given, "failure_percent").orElse(0),
                number(given, "soak_seconds").orElse(0),
                number(given, "update_seconds").orElse(Phase.USUAL_UPDATE_SECONDS),
                number(given, "at_once").orElse(0),
                Boolean.TRUE.equals(given.get("approval")));
    }

    private static Optional<Integer> number(Map<?, ?> given, String name) {
        return given.get(name) instanceof Number number ? Optional.of(number.intValue()) : Optional.empty();
    }

    private static Map<String, @Nullable Object> shape(RolloutView view, Map<String, Report> said) {
        Rollout rollout = view.rollout();
        List<Map<String, @Nullable Object>> phases = new ArrayList<>();
        for (int i = 0; i < rollout.policy().phases().size(); i++) {
            phases.add(shape(rollout.policy().phases().get(i), view.progress(Optional.of(i), said)));
        }
        return new Shape()
                .with("rollout_id", rollout.rolloutId())
                .with("customer_id", rollout.customerId())
                .with("node_service_id", rollout.serviceId())
                .with("container_version", rollout.version())
                .with("state", rollout.state().word())
                .with("reason", rollout.reason().map(Shape::problem))
                .with("phase", rollout.phase() + 1)
                .with("phases", phases)
                .with("progress", shape(view.progress(Optional.empty(), said)))
                .with("created_at", rollout.createdAt())
                .with("changed_at", rollout.changedAt())
                .fields();
    }

    private static Map<String, @Nullable Object> shape(Phase phase, Progress progress) {
        return new Shape()
                .with(
                        "labels",
                        new TreeMap<>(phase.labels())
                                .entrySet().stream()
                                        .map(e -> new Shape()
                                                .with("name", e.getKey())
                                                .with("value", e.getValue())
                                                .fields())
                                        .toList())
                .with("percent", phase.percent())
                .with("count", phase.count())
                .with("success_percent", phase.successPercent())
                .with("failure_percent", phase.failurePercent())
                .with("soak_seconds", phase.soakSeconds())
                .with("update_seconds", phase.updateSeconds())
                .with("at_once", phase.atOnce())
                .with("approval", phase.approval())
                .with("progress", shape(progress))
                .fields();
    }

    private static Map<String, @Nullable Object> shape(Progress progress) {
        return new Shape()
                .with("total", progress.total())
                .with("admitted", progress.admitted())
                .with("done", progress.done())
                .with("failed", progress.failed())
                .with("updating", progress.updating())
                .with("waiting", progress.waiting())
                .with("unreachable", progress.unreachable())
                .fields();
    }
}
