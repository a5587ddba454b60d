package io.skerry.device.revision;

import io.skerry.device.revision.Volumes.VolumeId;
import io.skerry.spec.Digest;
import io.skerry.spec.desired.Container;
import io.skerry.spec.desired.Image;
import io.skerry.spec.desired.VolumeMount;
import io.skerry.spec.desired.Workload;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Looks at the device for what plans start from. */
final class Observation {
    private final Hands hands;

    Observation(Hands hands) {
        this.hands = hands;
    }

    /**
     * @param committed the committed revision
     * @param wanted what else matters
     * @param others containers that may have left a network
     * @param rebooted whether the device was rebooted for this already
     */
    Situation situation(Revision committed, Workload wanted, Set<String> others, boolean rebooted) {
        Set<Image> fetched = new HashSet<>();
        Set<Digest> prepared = new HashSet<>();
        Set<VolumeId> volumes = new HashSet<>();
        Set<Situation.Network> networks = new HashSet<>();
        Map<String, Container> was = committed.workload().containers();
        was.forEach((name, container) -> {
            // It runs with what there is of it, be it damaged: that is no reason to hold up an update of another one.
            boolean here = hands.images().prepared(container.image().manifest()).isPresent();
            look(name, container, here, fetched, prepared, volumes);
        });
        wanted.containers().forEach((name, container) -> {
            // Mostly the two are the same, and each look costs system calls.
            if (!container.equals(was.get(name))) {
                boolean sound = hands.images().isSound(container.image().manifest());
                look(name, container, sound, fetched, prepared, volumes);
            }
        });
        Set<String> names = new HashSet<>(others);
        names.addAll(was.keySet());
        names.addAll(wanted.containers().keySet());
        names.forEach(n -> look(n, networks));
        Set<VolumeId> snapshots = new HashSet<>(hands.volumes().snapshots(committed.number()));
        return new Situation(
                committed.workload(),
                hands.containers().present(),
                fetched,
                prepared,
                volumes,
                networks,
                snapshots,
                rebooted);
    }

    /** The images of this workload of which something is missing, or was found to be damaged. */
    List<Image> unsound(Workload workload) {
        return workload.containers().values().stream()
                .map(Container::image)
                .distinct()
                .filter(image -> !hands.images().isSound(image.manifest()))
                .toList();
    }

    private void look(
            String name,
            Container container,
            boolean here,
            Set<Image> fetched,
            Set<Digest> prepared,
            Set<VolumeId> volumes) {
        Image image = container.image();
        if (here) {
            prepared.add(image.manifest());
            fetched.add(image);
        } else if (hands.images().fetched(image)) {
            fetched.add(image);
        }
        for (VolumeMount volume : container.volumes()) {
            if (hands.volumes().has(name, volume.source())) {
                volumes.add(new VolumeId(name, volume.source()));
            }
        }
    }

    private void look(String name, Set<Situation.Network> networks) {
        for (Slot slot : Slot.values()) {
            if (hands.containers().networkPrepared(name, slot)) {
                networks.add(new Situation.Network(name, slot));
            }
        }
    }
}
