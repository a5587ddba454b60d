package io.skerry.device.revision;

import io.avaje.jsonb.Json;
import io.avaje.jsonb.JsonType;
import io.skerry.device.revision.Volumes.VolumeId;
import io.skerry.spec.Digest;
import io.skerry.spec.Wire;
import io.skerry.spec.desired.Container;
import io.skerry.spec.desired.Image;
import io.skerry.spec.desired.Workload;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What a plan starts from.
 *
 * @param committed the workload that the device last committed to
 * @param present what there is of containers now
 * @param fetched the images of which nothing is left to fetch
 * @param prepared the manifests of the images that are wholly on the device
 * @param volumes those that are there
 * @param networks the containers whose network is there, of all that were ever asked for
 * @param snapshots the volumes that were kept since the commit and not put back
 * @param rebooted whether the device was rebooted for this transition already
 */
@Json
public record Situation(
        Workload committed,
        Map<String, Present> present,
        Set<Image> fetched,
        Set<Digest> prepared,
        Set<VolumeId> volumes,
        Set<Network> networks,
        Set<VolumeId> snapshots,
        boolean rebooted) {
    static final JsonType<Situation> JSON = Wire.lenient(Situation.class);

    public Situation {
        present = Map.copyOf(present);
        fetched = Set.copyOf(fetched);
        prepared = Set.copyOf(prepared);
        volumes = Set.copyOf(volumes);
        networks = Set.copyOf(networks);
        snapshots = Set.copyOf(snapshots);
    }

    /** One container's network. */
    @Json
    public record Network(String container, Slot slot) {}

    /** A device without anything. */
    public static final Situation EMPTY =
            new Situation(Workload.EMPTY, Map.of(), Set.of(), Set.of(), Set.of(), Set.of(), Set.of(), false);

    /**
     * Networks that were made for containers which aren't there and aren't to come: an update was broken off before it started
     * them.
     *
     * @param coming whether what is to run is to take the place of what does
     */
    List<Network> stray(Workload wanted, boolean coming) {
        return networks.stream()
                .filter(n -> {
                    Present is = present.get(n.container());
                    if (is == null) {
                        return n.slot() == Slot.BESIDE || !wanted.containers().containsKey(n.container());
                    }
                    boolean comes = coming
                            && is.kept()
                            && !is.container().equals(wanted.containers().get(n.container()));
                    return n.slot() == Slot.BESIDE && is.beside().isEmpty() && !comes;
                })
                .sorted(Comparator.comparing(Network::container).thenComparing(Network::slot))
                .toList();
    }

    /** The images of a workload that aren't wholly on the device, each once, by their manifests. */
    List<Image> missing(Workload workload) {
        var missing = new TreeMap<String, Image>();
        for (Container container : workload.containers().values()) {
            if (!prepared.contains(container.image().manifest())) {
                missing.putIfAbsent(container.image().manifest().value(), container.image());
            }
        }
        return List.copyOf(missing.values());
    }

    Situation withPresent(Map<String, Present> now) {
        return new Situation(committed, now, fetched, prepared, volumes, networks, snapshots, rebooted);
    }

    Situation withNetworks(Set<Network> now) {
        return new Situation(committed, present, fetched, prepared, volumes, now, snapshots, rebooted);
    }

    Situation withSnapshots(Set<VolumeId> now) {
        return new Situation(committed, present, fetched, prepared, volumes, networks, now, rebooted);
    }
}
