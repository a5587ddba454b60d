package io.skerry.device.revision;

import static io.skerry.device.revision.Workloads.container;
import static io.skerry.device.revision.Workloads.inGroup;
import static io.skerry.device.revision.Workloads.keeping;
import static io.skerry.device.revision.Workloads.ruled;

import io.skerry.spec.desired.Container;
import io.skerry.spec.desired.UpdateRules;
import io.skerry.spec.desired.UpdateRules.Hook;
import io.skerry.spec.desired.UpdateRules.Strategy;
import io.skerry.spec.desired.Workload;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * What a device is at when a fault strikes.
 *
 * @param before what is committed at the beginning
 * @param meanwhile what is asked for then and is on trial when the wanted comes; nothing when that is asked for at once
 * @param wanted what is asked for in the end
 * @param good whether that works
 * @param boot whether the device is booted then, instead of being asked for something
 */
record Scenario(
        String name, Workload before, Optional<Workload> meanwhile, Workload wanted, boolean good, boolean boot) {
    static final List<Scenario> ALL = List.of(
            asked("first install", Workload.EMPTY, shop(1), true),
            asked("first install that fails", Workload.EMPTY, pair(1), false),
            asked("update", shop(1), shop(2), true),
            new Scenario("newer update", pair(1), Optional.of(watched(pair(2))), pair(3), true, false),
            asked("first install with a reboot", Workload.EMPTY, board(1), true),
            asked("update with a reboot", board(1), board(2), true),
            asked("rollback", pair(1), pair(2), false),
            asked("rollback with a reboot", board(1), board(2), false),
            new Scenario("boot", board(1), Optional.empty(), board(1), true, true));

    private static Scenario asked(String name, Workload before, Workload wanted, boolean good) {
        return new Scenario(name, before, Optional.empty(), wanted, good, false);
    }

    /** All that can be replaced without a reboot, in each way that there is. */
    private static Workload shop(int version) {
        Map<String, Container> containers = new TreeMap<>(Map.of(
                "db",
                ruled(keeping(container("db", version)), rules(Strategy.STOP_THEN_START, 60)),
                "hand",
                ruled(container("hand", version), rules(Strategy.HAND_OVER, 0)),
                "same",
                container("same", 1),
                "web",
                inGroup("app", ruled(container("web", version), rules(Strategy.START_THEN_STOP, 0)), "same")));
        if (version == 1) {
            containers.put("gone", keeping(container("gone", 1)));
        } else {
            containers.put("new", keeping(container("new", 1)));
        }
        return Workload.of(containers);
    }

    /** Some of which changes with a reboot only. */
    private static Workload board(int version) {
        return Workload.of(Map.of(
                "app", keeping(container("app", version)),
                "files", inGroup("data", container("files", 1)),
                "root", inGroup("root", keeping(container("root", version))),
                "same", container("same", 1)));
    }

    private static Workload pair(int version) {
        return Workload.of(Map.of(
                "a", ruled(keeping(container("a", version)), rules(Strategy.STOP_THEN_START, 60)),
                "b", ruled(container("b", version), rules(Strategy.START_THEN_STOP, 0)),
                "same", keeping(container("same", 1))));
    }

    /** Whose trial takes its time. */
    private static Workload watched(Workload workload) {
        Map<String, Container> watched = new TreeMap<>();
        workload.containers()
                .forEach((name, form) ->
                        watched.put(name, form.service().version() == 1 ? form : Workloads.onProbation(form, 30)));
        return workload.with(watched);
    }

    private static UpdateRules rules(Strategy strategy, int lockSeconds) {
        return new UpdateRules(strategy, hook("before"), hook("after"), hook("hand-over"), lockSeconds);
    }

    private static Optional<Hook> hook(String word) {
        return Optional.of(new Hook(List.of("/bin/" + word), 10));
    }

    /** The same of what there can be on a ground. */
    Scenario on(Ground ground) {
        return new Scenario(
                name,
                on(ground, before, Set.of()),
                meanwhile.map(m -> on(ground, m, Set.of())),
                on(ground, wanted, good ? Set.of() : newForms()),
                good,
                boot);
    }

    private static Workload on(Ground ground, Workload workload, Set<String> unwell) {
        Map<String, Container> forms = new TreeMap<>();
        workload.containers()
                .forEach((name, form) ->
                        forms.put(name, unwell.contains(name) ? ground.unwell(name, form) : ground.form(form)));
        return workload.with(forms);
    }

    /** Everything as it is at the beginning. */
    void prepare(Rig rig) {
        publish(rig);
        rig.start();
        if (!before.containers().isEmpty()) {
            rig.offer(before, "");
            rig.settle();
            if (!rig.forms().equals(before.containers())) {
                throw new AssertionError("the beginning isn't reached: " + rig.standing());
            }
        }
    }

    /** The registry has all images, and whole. */
    void publish(Rig rig) {
        for (Workload workload : all()) {
            workload.containers().values().forEach(rig.ground::publish);
        }
    }

    /** All that is ever asked for. */
    List<Workload> all() {
        return Stream.of(Stream.of(before), meanwhile.stream(), Stream.of(wanted))
                .flatMap(w -> w)
                .toList();
    }

    /** What is done then, until nothing more happens. */
    void carryOut(Rig rig) {
        if (boot) {
            rig.cutPower();
        } else {
            meanwhile.ifPresent(m -> {
                rig.offer(m, "");
                rig.untilOnTrial(m);
            });
            rig.offer(wanted, "");
            if (meanwhile.isPresent()) {
                // Else time would have made the other one the committed one.
                rig.untilOnTrial(wanted);
            }
        }
        rig.settle();
    }

    /** What runs in the end when no step fails for good. */
    Workload goal() {
        return good ? wanted : before;
    }

    /** The containers that are wanted in a form that isn't there before. */
    private Set<String> newForms() {
        Set<String> names = new TreeSet<>(wanted.containers().keySet());
        names.removeAll(same());
        return names;
    }

    Set<String> same() {
        Set<String> same = new TreeSet<>(before.containers().keySet());
        same.removeIf(n ->
                !Objects.equals(before.containers().get(n), wanted.containers().get(n)));
        return same;
    }

    /**
     * What is attainable when a container's new form fails: the others' new ones.
     *
     * @param committed what was committed then
     */
    Workload without(String failed, Workload committed) {
        Container form = wanted.containers().get(failed);
        Container old = committed.containers().get(failed);
        if (form == null || form.equals(old)) {
            return committed;
        }
        Map<String, Container> rest = new TreeMap<>(wanted.containers());
        if (old == null) {
            rest.remove(failed);
        } else {
            rest.put(failed, old);
        }
        return wanted.with(rest);
    }

    @Override
    public String toString() {
        return name;
    }
}
