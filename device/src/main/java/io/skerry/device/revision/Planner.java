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
import java.util.Optional;
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
    private final Difference difference;
    /** What changes with a reboot that is still to come. */
    private final List<String> system;

    private final List<Step> steps = new ArrayList<>();

    private Planner(Situation now, Workload wanted) {
        this.now = now;
        this.wanted = wanted;
        this.order = StartOrder.of(wanted);
        this.difference = new Difference(now, wanted);
        this.system = now.rebooted() ? List.of() : Placement.needingReboot(now.committed(), wanted);
    }

    /** The steps of an update to this workload. */
    public static Plan update(Situation now, Workload wanted) {
        Planner planner = new Planner(now, wanted);
        return planner.isThere() ? Plan.NOTHING : planner.update();
    }

    private boolean isThere() {
        return now.committed().equals(wanted) && difference.touched().isEmpty();
    }

    private Plan update() {
        prepare();
        quiesce();
        if (system.isEmpty()) {
            switchOneByOne();
        } else {
            switchByReboot();
        }
        List<String> watched = difference.watched();
        if (!watched.isEmpty()) {
            steps.add(new Step.Check(watched, Why.UPDATE));
        }
        steps.add(new Step.Commit(wanted.digest().value(), Why.UPDATE));
        steps.add(new Step.Collect(difference.gone(), Why.UPDATE));
        return new Plan(steps);
    }

    private void prepare() {
        List<Image> missing = now.missing(wanted);
        List<VolumeId> copied = difference.touched().stream()
                .flatMap(n -> difference.toKeep(n).stream().map(v -> new VolumeId(n, v)))
                .toList();
        if (!missing.isEmpty() || !copied.isEmpty()) {
            steps.add(new Step.Reserve(missing, copied, Why.UPDATE));
        }
        for (Image image : missing) {
            if (!now.fetched().contains(image)) {
                steps.add(new Step.Fetch(image, Why.MISSING));
            }
            steps.add(new Step.Unpack(image, Why.MISSING));
        }
        for (String name : order.names()) {
            createVolumes(name, difference.shall(name));
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
                ? difference.stopOrder()
                : List.copyOf(new TreeSet<>(now.present().keySet()))) {
            Present is = now.present().get(name);
            if (is == null || !is.kept() || isMountedOnly(is.container(), now.committed())) {
                continue;
            }
            int limit = rules(Optional.ofNullable(wanted.containers().get(name)).orElse(is.container()))
                    .lockSeconds();
            if (limit > 0) {
                steps.add(new Step.AwaitLock(name, limit, difference.changedOrRemoved(name)));
            }
        }
        for (String name : difference.stopOrder()) {
            Present is = now.present().get(name);
            if (is == null || !is.kept()) {
                continue;
            }
            rules(difference.running(name, is))
                    .preUpdate()
                    .ifPresent(hook -> steps.add(new Step.RunHook(
                            name, Slot.MAIN, Step.RunHook.When.PRE_UPDATE, hook, difference.changedOrRemoved(name))));
        }
    }

    private void switchOneByOne() {
        for (String name : difference.stopOrder()) {
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
        Container shall = difference.shall(name);
        Present is = now.present().get(name);
        List<String> back = difference.toPutBack(name);
        if (is == null) {
            putBack(name, back);
            // It may have been stopped for this by a daemon that was killed before it kept them.
            difference.toKeep(name).forEach(v -> steps.add(new Step.Snapshot(name, v, Why.CHANGED)));
            begin(name, Slot.MAIN, difference.missingOrNew(name), false);
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
            difference.toKeep(name).forEach(v -> steps.add(new Step.Snapshot(name, v, Why.CHANGED)));
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
            rules(difference.running(name, is))
                    .handOver()
                    .ifPresent(hook -> steps.add(
                            new Step.RunHook(name, Slot.MAIN, Step.RunHook.When.HAND_OVER, hook, Why.CHANGED)));
        }
        steps.add(new Step.Stop(name, Slot.MAIN, Why.REPLACED));
    }

    /** What changes only with a reboot of the device takes everything else along: all of it is started anew after that. */
    private void switchByReboot() {
        for (String name : difference.stopOrder()) {
            stop(name, difference.changedOrRemoved(name));
        }
        for (String name : order.names()) {
            putBack(name, difference.toPutBack(name));
            difference.toKeep(name).forEach(v -> steps.add(new Step.Snapshot(name, v, Why.CHANGED)));
        }
        steps.add(new Step.Reboot(system, Why.CHANGED));
        for (StartOrder.Stage stage : order.stages()) {
            for (List<String> level : stage.levels()) {
                level.forEach(
                        n -> begin(n, Slot.MAIN, difference.touched().contains(n) ? Why.CHANGED : Why.BOOT, true));
                reach(stage, level, Slot.MAIN);
                level.stream().filter(difference.touched()::contains).forEach(this::postUpdate);
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
                    stage.group().name(), names, slot, Placement.goalSeconds(wanted, names), Why.UPDATE));
        }
    }

    private void postUpdate(String name) {
        if (now.committed().containers().containsKey(name)
                && !Forms.same(difference.shall(name), difference.committed(name))) {
            rules(difference.shall(name))
                    .postUpdate()
                    .ifPresent(hook -> steps.add(
                            new Step.RunHook(name, Slot.MAIN, Step.RunHook.When.POST_UPDATE, hook, Why.CHANGED)));
        }
    }

    private void putBack(String name, List<String> volumes) {
        volumes.forEach(v -> steps.add(new Step.Restore(name, v, Why.GOES_BACK)));
    }

    private static boolean isMountedOnly(Container container, Workload workload) {
        return Placement.of(container, workload.grouping()).goal() == Goal.MOUNTED;
    }

    private static UpdateRules rules(Container container) {
        return container.update().orElse(UpdateRules.DEFAULT);
    }
}
