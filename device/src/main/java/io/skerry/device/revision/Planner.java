package io.skerry.device.revision;

import io.skerry.spec.Digest;
import io.skerry.spec.desired.Container;
import io.skerry.spec.desired.Image;
import io.skerry.spec.desired.Workload;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Finds the way from what runs to what is wanted. Equal questions get equal plans; a container that runs as it is wanted
 * is in no step of stopping or starting; there is nothing to do when the wanted workload is committed and runs.
 */
public final class Planner {
    private Planner() {}

    /**
     * The steps in the order in which they are to be taken: all images first, so that nothing stops before everything new is
     * there; then what is removed (it frees memory and ports); then each changed container at one go, so that each is away
     * as shortly as possible; then what is new.
     */
    public static List<Step> plan(Situation now, Workload wanted) {
        List<Step> switching = switching(now.present(), wanted);
        if (switching.isEmpty() && now.committed().equals(wanted)) {
            return List.of();
        }
        List<Step> steps = new ArrayList<>(preparing(now, wanted));
        steps.addAll(switching);
        List<String> watched = watched(now, wanted);
        if (!watched.isEmpty()) {
            steps.add(new Step.Watch(watched));
        }
        steps.add(new Step.Commit(wanted.digest().value()));
        steps.add(new Step.Collect(gone(now, wanted)));
        return List.copyOf(steps);
    }

    private static List<Step.Prepare> preparing(Situation now, Workload wanted) {
        SortedMap<String, Image> missing = new TreeMap<>();
        for (Container container : wanted.containers().values()) {
            Digest manifest = container.image().manifest();
            if (!now.prepared().contains(manifest)) {
                missing.putIfAbsent(manifest.value(), container.image());
            }
        }
        return missing.values().stream().map(Step.Prepare::new).toList();
    }

    /** Only the stopping and starting that makes these containers the wanted ones. */
    static List<Step> switching(Map<String, Container> present, Workload wanted) {
        List<Step> removed = new ArrayList<>();
        List<Step> changed = new ArrayList<>();
        List<Step> added = new ArrayList<>();
        for (String name : names(present, wanted)) {
            Container is = present.get(name);
            Container shall = wanted.containers().get(name);
            if (shall == null) {
                removed.add(new Step.Stop(name, Step.Why.REMOVED));
            } else if (is == null) {
                added.add(new Step.Start(name, Step.Why.NEW));
            } else if (!is.equals(shall)) {
                changed.add(new Step.Stop(name, Step.Why.CHANGED));
                changed.add(new Step.Start(name, Step.Why.CHANGED));
            }
        }
        List<Step> all = new ArrayList<>(removed);
        all.addAll(changed);
        all.addAll(added);
        return all;
    }

    /** What has not proven itself yet: what differs from the committed workload or is started now. */
    private static List<String> watched(Situation now, Workload wanted) {
        return wanted.containers().entrySet().stream()
                .filter(e -> !e.getValue().equals(now.committed().containers().get(e.getKey()))
                        || !e.getValue().equals(now.present().get(e.getKey())))
                .map(Map.Entry::getKey)
                .toList();
    }

    private static List<String> gone(Situation now, Workload wanted) {
        SortedSet<String> gone = names(now.present(), now.committed());
        gone.removeAll(wanted.containers().keySet());
        return List.copyOf(gone);
    }

    private static SortedSet<String> names(Map<String, Container> present, Workload workload) {
        SortedSet<String> names = new TreeSet<>(present.keySet());
        names.addAll(workload.containers().keySet());
        return names;
    }
}
