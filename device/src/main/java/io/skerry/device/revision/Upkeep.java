package io.skerry.device.revision;

import io.skerry.device.revision.Step.Why;
import io.skerry.device.revision.Volumes.VolumeId;
import io.skerry.spec.desired.Container;
import io.skerry.spec.desired.Image;
import io.skerry.spec.desired.UpdateRules;
import io.skerry.spec.desired.VolumeMount;
import io.skerry.spec.desired.Workload;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The way back to what is committed: after a boot, when something of it is gone, and when an update failed. Pure. It needs no
 * network and takes nothing away that the committed workload has.
 */
public final class Upkeep {
    private Upkeep() {}

    /** The steps after which the committed workload runs, and nothing else. */
    public static Plan keep(Situation now) {
        return new Plan(keep(now, Why.MISSING));
    }

    /**
     * As {@link #keep}, after an update that failed: volumes are put back as the committed containers knew them, and containers
     * that were prepared for the update and go on running are told that it is over.
     *
     * @param tried what was tried
     * @param prepared the containers in which the hook before the update was run
     */
    public static Plan goBack(Situation now, Workload tried, Set<String> prepared) {
        List<Step> steps = new ArrayList<>();
        Map<String, Present> present = new TreeMap<>(now.present());
        Set<Situation.Network> networks = new HashSet<>(now.networks());
        Set<String> restored = new TreeSet<>();
        now.snapshots().forEach(s -> restored.add(s.container()));
        for (String name : stopped(now, restored)) {
            Present is = Objects.requireNonNull(present.get(name));
            if (is.beside().isPresent()) {
                steps.add(new Step.Stop(name, Slot.BESIDE, Why.GOES_BACK));
                networks.remove(new Situation.Network(name, Slot.BESIDE));
                present.put(name, new Present(is.container(), is.kept(), Optional.empty()));
            }
            if (!isCommitted(now, name, is.container()) || restored.contains(name)) {
                steps.add(new Step.Stop(name, Slot.MAIN, Why.GOES_BACK));
                networks.remove(new Situation.Network(name, Slot.MAIN));
                present.remove(name);
            }
        }
        for (Situation.Network stray : now.stray(now.committed(), false)) {
            steps.add(new Step.Stop(stray.container(), stray.slot(), Why.GOES_BACK));
            networks.remove(stray);
        }
        now.snapshots().stream()
                .sorted()
                .forEach(s -> steps.add(new Step.Restore(s.container(), s.volume(), Why.GOES_BACK)));
        List<String> system = Placement.needingReboot(tried, now.committed());
        if (now.rebooted() && !system.isEmpty()) {
            steps.add(new Step.Reboot(system, Why.GOES_BACK));
            present.replaceAll((_, p) -> new Present(p.container(), false, Optional.empty()));
            networks.clear();
        }
        steps.addAll(keep(now.withPresent(present).withNetworks(networks), Why.GOES_BACK));
        for (String name : new TreeSet<>(prepared)) {
            Optional.ofNullable(present.get(name))
                    .filter(Present::kept)
                    .flatMap(is -> is.container().update())
                    .flatMap(UpdateRules::postUpdate)
                    .ifPresent(hook -> steps.add(
                            new Step.RunHook(name, Slot.MAIN, Step.RunHook.When.POST_UPDATE, hook, Why.GOES_BACK)));
        }
        return new Plan(steps);
    }

    /** The steps that fetch these images, of which something is missing. */
    public static Plan fetching(List<Image> missing) {
        List<Step> steps = new ArrayList<>();
        steps.add(new Step.Reserve(missing, List.of(), Why.MISSING));
        for (Image image : missing) {
            steps.add(new Step.Fetch(image, Why.MISSING));
            steps.add(new Step.Unpack(image, Why.MISSING));
        }
        return new Plan(steps);
    }

    private static List<Step> keep(Situation now, Why why) {
        List<Step> steps = new ArrayList<>();
        Workload committed = now.committed();
        for (String name : new TreeSet<>(now.present().keySet())) {
            Present is = Objects.requireNonNull(now.present().get(name));
            is.beside().ifPresent(_ -> steps.add(new Step.Stop(name, Slot.BESIDE, Why.REMOVED)));
            if (!isCommitted(now, name, is.container())) {
                steps.add(new Step.Stop(
                        name, Slot.MAIN, committed.containers().containsKey(name) ? Why.CHANGED : Why.REMOVED));
            }
        }
        for (StartOrder.Stage stage : StartOrder.of(committed).stages()) {
            for (List<String> level : stage.levels()) {
                List<String> started = new ArrayList<>();
                for (String name : level) {
                    if (start(now, name, why, steps)) {
                        started.add(name);
                    }
                }
                if (!started.isEmpty()) {
                    steps.add(new Step.Reach(
                            stage.group().name(), started, Slot.MAIN, Placement.goalSeconds(committed, started), why));
                }
            }
        }
        return steps;
    }

    private static boolean start(Situation now, String name, Why why, List<Step> steps) {
        Container container =
                Objects.requireNonNull(now.committed().containers().get(name));
        Present is = now.present().get(name);
        boolean same = is != null && Forms.same(is.container(), container);
        if (is != null && same && is.kept()) {
            return false;
        }
        for (VolumeMount volume : container.volumes()) {
            if (!now.volumes().contains(new VolumeId(name, volume.source()))) {
                steps.add(new Step.CreateVolume(name, volume, Why.MISSING));
            }
        }
        // What is stopped before takes its network with it.
        boolean stopped = is != null && !same;
        if (stopped || !now.networks().contains(new Situation.Network(name, Slot.MAIN))) {
            steps.add(new Step.ConfigureNetwork(name, Slot.MAIN, same ? Why.BOOT : why));
        }
        steps.add(new Step.Start(name, Slot.MAIN, same ? Why.BOOT : why));
        return true;
    }

    private static List<String> stopped(Situation now, Set<String> restored) {
        Set<String> names = new TreeSet<>();
        now.present().forEach((name, is) -> {
            if (is.beside().isPresent() || !isCommitted(now, name, is.container()) || restored.contains(name)) {
                names.add(name);
            }
        });
        List<String> order =
                new ArrayList<>(StartOrder.of(now.committed()).names().reversed());
        order.retainAll(names);
        names.stream().filter(n -> !order.contains(n)).forEach(order::add);
        return order;
    }

    private static boolean isCommitted(Situation now, String name, Container container) {
        return Forms.same(
                container, Optional.ofNullable(now.committed().containers().get(name)));
    }
}
