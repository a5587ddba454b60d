package io.skerry.device.revision;

import io.skerry.device.revision.Step.Why;
import io.skerry.device.revision.Volumes.VolumeId;
import io.skerry.spec.desired.Container;
import io.skerry.spec.desired.Goal;
import io.skerry.spec.desired.Image;
import io.skerry.spec.desired.UpdateRules;
import io.skerry.spec.desired.VolumeMount;
import io.skerry.spec.desired.Workload;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Finds the way from what runs to what is wanted. Pure: equal questions get equal plans; a container that runs as it is wanted
 * is in no step that touches it; there is nothing to do when the wanted workload is committed and runs.
 *
 * <p>The order: room and content for everything, so that nothing stops before everything new is there; then what the running
 * containers are asked (locks, hooks); then what is removed, which frees memory and ports; then group by group what changes,
 * each container at one go, so that each is away as shortly as possible; then the probation, the commit and the clearing up.
 */
public final class Planner {
    private final Situation now;
    private final Workload wanted;
    private final StartOrder order;
    private final Set<String> touched;
    /** What changes with a reboot that is still to come. */
    private final List<String> system;

    private final List<Step> steps = new ArrayList<>();

    private Planner(Situation now, Workload wanted) {
        this.now = now;
        this.wanted = wanted;
        this.order = StartOrder.of(wanted);
        this.touched = touched();
        this.system = now.rebooted() ? List.of() : Placement.needingReboot(now.committed(), wanted);
    }

    /** The steps of an update to this workload. */
    public static Plan update(Situation now, Workload wanted) {
        Planner planner = new Planner(now, wanted);
        return planner.isThere() ? Plan.NOTHING : planner.update();
    }

    private boolean isThere() {
        return now.committed().equals(wanted) && touched.isEmpty();
    }

    private Plan update() {
        prepare();
        quiesce();
        if (system.isEmpty()) {
            switchOneByOne();
        } else {
            switchByReboot();
        }
        List<String> watched = watched();
        if (!watched.isEmpty()) {
            steps.add(new Step.Check(watched, Why.UPDATE));
        }
        steps.add(new Step.Commit(wanted.digest().value(), Why.UPDATE));
        steps.add(new Step.Collect(gone(), Why.UPDATE));
        return new Plan(steps);
    }

    private void prepare() {
        Map<String, Image> missing = new TreeMap<>();
        for (Container container : wanted.containers().values()) {
            if (!now.prepared().contains(container.image().manifest())) {
                missing.putIfAbsent(container.image().manifest().value(), container.image());
            }
        }
        List<VolumeId> copied = touched.stream()
                .flatMap(n -> toKeep(n).stream().map(v -> new VolumeId(n, v)))
                .toList();
        if (!missing.isEmpty() || !copied.isEmpty()) {
            steps.add(new Step.Reserve(List.copyOf(missing.values()), copied, Why.UPDATE));
        }
        for (Image image : missing.values()) {
            if (!now.fetched().contains(image)) {
                steps.add(new Step.Fetch(image, Why.MISSING));
            }
            steps.add(new Step.Unpack(image, Why.MISSING));
        }
        for (String name : order.names()) {
            createVolumes(name, shall(name));
        }
    }

    private void createVolumes(String name, Container container) {
        for (VolumeMount volume : container.volumes()) {
            if (!now.volumes().contains(new VolumeId(name, volume.source()))) {
                steps.add(new Step.CreateVolume(name, volume, Why.MISSING));
            }
        }
    }

    /** What running containers may say before anything of them is touched. */
    private void quiesce() {
        // A reboot ends all of them.
        for (String name : system.isEmpty()
                ? stopOrder()
                : List.copyOf(new TreeSet<>(now.present().keySet()))) {
            Present is = now.present().get(name);
            if (is == null || !is.kept() || isMountedOnly(is.container(), now.committed())) {
                continue;
            }
            int limit = rules(Optional.ofNullable(wanted.containers().get(name)).orElse(is.container()))
                    .lockSeconds();
            if (limit > 0) {
                steps.add(new Step.AwaitLock(name, limit, changedOrRemoved(name)));
            }
        }
        for (String name : stopOrder()) {
            Present is = now.present().get(name);
            if (is == null || !is.kept()) {
                continue;
            }
            rules(running(name, is))
                    .preUpdate()
                    .ifPresent(hook -> steps.add(new Step.RunHook(
                            name, Slot.MAIN, Step.RunHook.When.PRE_UPDATE, hook, changedOrRemoved(name))));
        }
    }

    private void switchOneByOne() {
        for (String name : stopOrder()) {
            if (!wanted.containers().containsKey(name)) {
                stop(name, Why.REMOVED);
            }
        }
        now.stray(wanted, true).forEach(n -> steps.add(new Step.Stop(n.container(), n.slot(), Why.REMOVED)));
        for (StartOrder.Stage stage : order.stages()) {
            int last = stage.levels().size() - 1;
            for (int i = 0; i <= last; i++) {
                List<String> replaced = new ArrayList<>();
                for (String name : stage.levels().get(i)) {
                    if (replace(name, stage)) {
                        replaced.add(name);
                    }
                }
                reach(stage, replaced, Slot.MAIN);
                for (String name : replaced) {
                    postUpdate(name);
                }
            }
        }
    }

    /** Brings one container into its wanted form; whether anything had to be done. */
    private boolean replace(String name, StartOrder.Stage stage) {
        Container shall = shall(name);
        Present is = now.present().get(name);
        List<String> back = toPutBack(name);
        if (is == null) {
            putBack(name, back);
            // It may have been stopped for this by a daemon that was killed before it kept them.
            toKeep(name).forEach(v -> steps.add(new Step.Snapshot(name, v, Why.CHANGED)));
            begin(name, Slot.MAIN, missingOrNew(name), false);
            return true;
        }
        if (Forms.same(is.container(), shall) && back.isEmpty()) {
            is.beside().ifPresent(_ -> steps.add(new Step.Stop(name, Slot.BESIDE, Why.REMOVED)));
            if (!is.kept()) {
                begin(name, Slot.MAIN, Why.BOOT, false);
            }
            return !is.kept();
        }
        if (is.kept() && back.isEmpty() && rules(shall).strategy().overlaps()) {
            startThenStop(name, is, shall, stage);
        } else {
            stop(name, Why.CHANGED);
            putBack(name, back);
            toKeep(name).forEach(v -> steps.add(new Step.Snapshot(name, v, Why.CHANGED)));
            begin(name, Slot.MAIN, Why.CHANGED, true);
        }
        return true;
    }

    private void startThenStop(String name, Present is, Container shall, StartOrder.Stage stage) {
        if (!Forms.same(shall, is.beside())) {
            is.beside().ifPresent(_ -> steps.add(new Step.Stop(name, Slot.BESIDE, Why.CHANGED)));
            begin(name, Slot.BESIDE, Why.CHANGED, is.beside().isPresent());
        }
        reach(stage, List.of(name), Slot.BESIDE);
        if (rules(shall).strategy() == UpdateRules.Strategy.HAND_OVER) {
            rules(running(name, is))
                    .handOver()
                    .ifPresent(hook -> steps.add(
                            new Step.RunHook(name, Slot.MAIN, Step.RunHook.When.HAND_OVER, hook, Why.CHANGED)));
        }
        steps.add(new Step.Stop(name, Slot.MAIN, Why.REPLACED));
    }

    /** What changes only with a reboot of the device takes everything else along: all of it is started anew after that. */
    private void switchByReboot() {
        for (String name : stopOrder()) {
            stop(name, changedOrRemoved(name));
        }
        for (String name : order.names()) {
            putBack(name, toPutBack(name));
            toKeep(name).forEach(v -> steps.add(new Step.Snapshot(name, v, Why.CHANGED)));
        }
        steps.add(new Step.Reboot(system, Why.CHANGED));
        for (StartOrder.Stage stage : order.stages()) {
            for (List<String> level : stage.levels()) {
                level.forEach(n -> begin(n, Slot.MAIN, touched.contains(n) ? Why.CHANGED : Why.BOOT, true));
                reach(stage, level, Slot.MAIN);
                level.stream().filter(touched::contains).forEach(this::postUpdate);
            }
        }
    }

    /** @param anew whether what is there of its network is gone by then */
    private void begin(String name, Slot slot, Why why, boolean anew) {
        if (anew || !now.networks().contains(new Situation.Network(name, slot))) {
            steps.add(new Step.ConfigureNetwork(name, slot, why));
        }
        steps.add(new Step.Start(name, slot, why));
    }

    private void stop(String name, Why why) {
        Present is = now.present().get(name);
        if (is != null) {
            is.beside().ifPresent(_ -> steps.add(new Step.Stop(name, Slot.BESIDE, why)));
            steps.add(new Step.Stop(name, Slot.MAIN, why));
        }
    }

    private void reach(StartOrder.Stage stage, List<String> names, Slot slot) {
        if (!names.isEmpty()) {
            steps.add(new Step.Reach(
                    stage.group().name(), names, slot, stage.group().timeoutSeconds(), Why.UPDATE));
        }
    }

    private void postUpdate(String name) {
        if (now.committed().containers().containsKey(name) && !Forms.same(shall(name), committed(name))) {
            rules(shall(name))
                    .postUpdate()
                    .ifPresent(hook -> steps.add(
                            new Step.RunHook(name, Slot.MAIN, Step.RunHook.When.POST_UPDATE, hook, Why.CHANGED)));
        }
    }

    /** The volumes of a container whose content must be kept before its new form is started, and isn't yet. */
    private List<String> toKeep(String name) {
        Container shall = wanted.containers().get(name);
        if (shall == null || committed(name).isEmpty() || Forms.same(shall, committed(name))) {
            return List.of();
        }
        return shall.volumes().stream()
                .filter(VolumeMount::snapshot)
                .map(VolumeMount::source)
                .filter(v -> now.volumes().contains(new VolumeId(name, v)))
                .filter(v -> !now.snapshots().contains(new VolumeId(name, v)))
                .filter(_ -> !runs(name, shall))
                .toList();
    }

    /**
     * The volumes of a container that is to be as it is committed, but was on trial in another form, which may have made of them
     * what the committed one doesn't know.
     */
    private List<String> toPutBack(String name) {
        Container shall = wanted.containers().get(name);
        return shall == null || !Forms.same(shall, committed(name))
                ? List.of()
                : now.snapshots().stream()
                        .filter(s -> s.container().equals(name))
                        .map(VolumeId::volume)
                        .sorted()
                        .toList();
    }

    private void putBack(String name, List<String> volumes) {
        volumes.forEach(v -> steps.add(new Step.Restore(name, v, Why.GOES_BACK)));
    }

    /** What runs, with the rules that were committed last, which it may not have been started with. */
    private Container running(String name, Present is) {
        return committed(name).filter(c -> Forms.same(is.container(), c)).orElse(is.container());
    }

    private boolean runs(String name, Container form) {
        Present is = now.present().get(name);
        return is != null && Forms.same(is.container(), form);
    }

    /** What must be stopped or started, by name. */
    private Set<String> touched() {
        Set<String> touched = new TreeSet<>();
        now.present().forEach((name, is) -> {
            if (!is.kept() || is.beside().isPresent() || !runs(name, wanted)) {
                touched.add(name);
            }
        });
        wanted.containers().keySet().stream()
                .filter(n -> !now.present().containsKey(n) || !toPutBack(n).isEmpty())
                .forEach(touched::add);
        return touched;
    }

    private boolean runs(String name, Workload workload) {
        Container form = workload.containers().get(name);
        return form != null && runs(name, form);
    }

    /** What there is and isn't to stay as it is, the last started first. */
    private List<String> stopOrder() {
        List<String> stopped = new ArrayList<>(StartOrder.of(now.committed()).names().reversed().stream()
                .filter(now.present()::containsKey)
                .toList());
        new TreeSet<>(now.present().keySet())
                .stream().filter(n -> !stopped.contains(n)).forEach(stopped::add);
        stopped.removeIf(n -> runs(n, wanted) && toPutBack(n).isEmpty());
        return stopped;
    }

    /** What has not proven itself yet: what differs from the committed workload or is started now. */
    private List<String> watched() {
        return wanted.containers().entrySet().stream()
                .filter(e -> !Forms.same(e.getValue(), committed(e.getKey())) || touched.contains(e.getKey()))
                .map(Map.Entry::getKey)
                .toList();
    }

    private List<String> gone() {
        Set<String> gone = new TreeSet<>(now.present().keySet());
        gone.addAll(now.committed().containers().keySet());
        gone.removeAll(wanted.containers().keySet());
        return List.copyOf(gone);
    }

    private Optional<Container> committed(String name) {
        return Optional.ofNullable(now.committed().containers().get(name));
    }

    private Container shall(String name) {
        Container container = wanted.containers().get(name);
        if (container == null) {
            throw new IllegalStateException("the wanted workload has no container " + name);
        }
        return container;
    }

    private Why missingOrNew(String name) {
        return Forms.same(shall(name), committed(name)) ? Why.MISSING : Why.NEW;
    }

    private Why changedOrRemoved(String name) {
        return wanted.containers().containsKey(name) ? Why.CHANGED : Why.REMOVED;
    }

    private static boolean isMountedOnly(Container container, Workload workload) {
        return Placement.of(container, workload.grouping()).goal() == Goal.MOUNTED;
    }

    private static UpdateRules rules(Container container) {
        return container.update().orElse(UpdateRules.DEFAULT);
    }
}
