package io.skerry.device.revision;

import io.skerry.device.revision.Volumes.VolumeId;
import io.skerry.spec.Digest;
import io.skerry.spec.desired.Container;
import io.skerry.spec.desired.Image;
import io.skerry.spec.desired.Workload;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/** Situations for tests. */
final class Situations {
    private Situations() {}

    /** Committed to a workload that runs, with all of it there. */
    static Situation running(Workload workload) {
        return with(workload, kept(workload), workload, workload);
    }

    /** As {@link #running}, with what another workload needs fetched and unpacked as well. */
    static Situation running(Workload workload, Workload prepared) {
        return with(workload, kept(workload), workload, prepared);
    }

    static Map<String, Present> kept(Workload workload) {
        Map<String, Present> present = new TreeMap<>();
        workload.containers().forEach((name, container) -> present.put(name, Present.kept(container)));
        return present;
    }

    /** All that these workloads need is there. */
    static Situation with(Workload committed, Map<String, Present> present, Workload... there) {
        Set<Image> fetched = new HashSet<>();
        Set<Digest> prepared = new HashSet<>();
        Set<VolumeId> volumes = new HashSet<>();
        Set<Situation.Network> networks = new HashSet<>();
        for (Workload workload : there) {
            workload.containers().forEach((name, container) -> {
                fetched.add(container.image());
                prepared.add(container.image().manifest());
            });
        }
        present.forEach((name, is) -> {
            if (is.kept()) {
                networks.add(new Situation.Network(name, Slot.MAIN));
                is.beside().ifPresent(_ -> networks.add(new Situation.Network(name, Slot.BESIDE)));
            }
            is.container().volumes().forEach(v -> volumes.add(new VolumeId(name, v.source())));
            is.beside().ifPresent(c -> c.volumes().forEach(v -> volumes.add(new VolumeId(name, v.source()))));
        });
        return new Situation(committed, present, fetched, prepared, volumes, networks, Set.of(), false);
    }

    /** Anything that a crash, a boot, a repair or an update that was broken off may leave. */
    static Situation any(RandomGenerator random, Workload committed, Workload wanted) {
        Map<String, Present> present = new TreeMap<>();
        boolean booted = random.nextInt(3) == 0;
        for (Workload workload : new Workload[] {committed, wanted, Workloads.any(random)}) {
            workload.containers().forEach((name, container) -> {
                if (random.nextBoolean()) {
                    present.put(name, new Present(container, !booted, Optional.empty()));
                }
            });
        }
        present.replaceAll((name, is) -> {
            Container next = wanted.containers().get(name);
            return next != null && is.kept() && !next.equals(is.container()) && random.nextInt(4) == 0
                    ? new Present(is.container(), true, Optional.of(next))
                    : is;
        });
        Situation all = random.nextBoolean()
                ? with(committed, present, committed, wanted)
                : with(committed, present, committed);
        Set<VolumeId> snapshots = new HashSet<>();
        for (VolumeId volume : all.volumes()) {
            Present is = present.get(volume.container());
            boolean replaced =
                    is == null || !is.container().equals(committed.containers().get(volume.container()));
            if (replaced && random.nextBoolean()) {
                snapshots.add(volume);
            }
        }
        return all.withSnapshots(snapshots);
    }
}
