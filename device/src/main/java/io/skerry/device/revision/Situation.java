package io.skerry.device.revision;

import io.skerry.spec.Digest;
import io.skerry.spec.desired.Container;
import io.skerry.spec.desired.Workload;
import java.util.Map;
import java.util.Set;

/**
 * What a plan starts from.
 *
 * @param committed the workload that the device last committed to
 * @param present what runs or is kept running now, with what it was started from
 * @param prepared the manifests of the images that are wholly on the device
 */
public record Situation(Workload committed, Map<String, Container> present, Set<Digest> prepared) {
    public Situation {
        present = Map.copyOf(present);
        prepared = Set.copyOf(prepared);
    }
}
