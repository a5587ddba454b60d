package io.skerry.device.revision;

import io.skerry.device.revision.Volumes.VolumeId;
import io.skerry.spec.Digest;
import io.skerry.spec.desired.Container;
import io.skerry.spec.desired.Image;
import io.skerry.spec.desired.VolumeMount;
import io.skerry.spec.desired.Workload;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** What a plan does to a situation, without doing it; refuses steps whose ground isn't there. */
final class Model {
    private final Workload target;
    private final Workload wanted;
    private Workload committed;
    private final Map<String, Present> present;
    private final Set<Image> fetched;
    private final Set<Digest> prepared;
    private final Set<VolumeId> volumes;
    private final Set<Situation.Network> networks;
    private final Set<VolumeId> snapshots;
    private boolean rebooted;
    private boolean checked;

    /** @param target whose containers the plan starts */
    Model(Situation now, Workload target) {
        this.target = target;
        this.wanted = target;
        this.committed = now.committed();
        this.present = new HashMap<>(now.present());
        this.fetched = new HashSet<>(now.fetched());
        this.prepared = new HashSet<>(now.prepared());
        this.volumes = new HashSet<>(now.volumes());
        this.networks = new HashSet<>(now.networks());
        this.snapshots = new HashSet<>(now.snapshots());
        this.rebooted = now.rebooted();
    }

    Situation situation() {
        return new Situation(committed, present, fetched, prepared, volumes, networks, snapshots, rebooted);
    }

    Model carriedOut(List<Step> steps) {
        steps.forEach(this::carryOut);
        return this;
    }

    void carryOut(Step step) {
        switch (step) {
            case Step.Reserve _ -> {}
            case Step.Fetch fetch -> fetched.add(fetch.image());
            case Step.Unpack unpack -> {
                require(fetched.contains(unpack.image()), step);
                prepared.add(unpack.image().manifest());
            }
            case Step.CreateVolume create -> {
                require(prepared.contains(form(create.container()).image().manifest()), step);
                volumes.add(new VolumeId(create.container(), create.mount().source()));
            }
            case Step.AwaitLock lock -> require(kept(lock.container()), step);
            case Step.RunHook hook -> require(kept(hook.container()), step);
            case Step.Stop stop -> stop(stop);
            case Step.Snapshot snapshot -> {
                require(!present.containsKey(snapshot.container()), step);
                require(volumes.contains(new VolumeId(snapshot.container(), snapshot.volume())), step);
                require(snapshots.add(new VolumeId(snapshot.container(), snapshot.volume())), step);
            }
            case Step.Restore restore -> {
                require(!present.containsKey(restore.container()), step);
                require(snapshots.remove(new VolumeId(restore.container(), restore.volume())), step);
            }
            case Step.Reboot _ -> {
                rebooted = true;
                present.replaceAll((_, p) -> new Present(p.container(), false, p.beside()));
                networks.clear();
            }
            case Step.ConfigureNetwork network ->
                networks.add(new Situation.Network(network.container(), network.slot()));
            case Step.Start start -> start(start);
            case Step.Reach reach -> {
                for (String name : reach.containers()) {
                    Present is = present.get(name);
                    require(
                            is != null
                                    && (reach.slot() == Slot.MAIN
                                            ? is.kept()
                                            : is.beside().isPresent()),
                            step);
                }
            }
            case Step.Check check -> {
                check.containers().forEach(n -> require(kept(n), step));
                checked = true;
            }
            case Step.Commit commit -> {
                require(commit.workload().equals(wanted.digest().value()), step);
                committed = wanted;
                snapshots.clear();
                rebooted = false;
            }
            case Step.Collect _ -> {}
        }
    }

    /** Whether this workload runs, and nothing else. */
    boolean runs(Workload workload) {
        return present.keySet().equals(workload.containers().keySet())
                && present.entrySet().stream()
                        .allMatch(e -> e.getValue().kept()
                                && e.getValue().beside().isEmpty()
                                && Forms.same(e.getValue().container(), form(workload, e.getKey())));
    }

    private static Container form(Workload workload, String name) {
        return Objects.requireNonNull(workload.containers().get(name), name);
    }

    boolean checked() {
        return checked;
    }

    private void stop(Step.Stop stop) {
        Present is = present.get(stop.container());
        boolean network = networks.remove(new Situation.Network(stop.container(), stop.slot()));
        if (is == null || (stop.slot() == Slot.BESIDE && is.beside().isEmpty())) {
            require(network, stop);
            return;
        }
        Present there = is;
        if (stop.slot() == Slot.BESIDE) {
            require(there.beside().isPresent(), stop);
            present.put(stop.container(), new Present(there.container(), there.kept(), Optional.empty()));
        } else if (there.beside().isPresent()) {
            present.put(stop.container(), Present.kept(there.beside().get()));
            networks.remove(new Situation.Network(stop.container(), Slot.BESIDE));
            networks.add(new Situation.Network(stop.container(), Slot.MAIN));
        } else {
            present.remove(stop.container());
        }
    }

    private void start(Step.Start start) {
        Container form = form(start.container());
        require(prepared.contains(form.image().manifest()), start);
        require(networks.contains(new Situation.Network(start.container(), start.slot())), start);
        for (VolumeMount volume : form.volumes()) {
            require(volumes.contains(new VolumeId(start.container(), volume.source())), start);
        }
        Present is = present.get(start.container());
        if (start.slot() == Slot.BESIDE) {
            require(is != null && is.kept() && is.beside().isEmpty(), start);
            present.put(
                    start.container(), new Present(Objects.requireNonNull(is).container(), true, Optional.of(form)));
        } else {
            require(is == null || (!is.kept() && Forms.same(is.container(), form)), start);
            present.put(start.container(), Present.kept(form));
        }
    }

    private Container form(String name) {
        return form(target, name);
    }

    private boolean kept(String name) {
        Present is = present.get(name);
        return is != null && is.kept();
    }

    private static void require(boolean ground, Step step) {
        if (!ground) {
            throw new AssertionError("there is no ground for: " + step);
        }
    }
}
