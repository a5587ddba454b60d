package io.skerry.spec.desired;

import io.avaje.jsonb.Json;
import io.skerry.spec.Digest;
import io.skerry.spec.Required;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a device is to run.
 *
 * @param containers by their name on the device: the node service instance's id
 */
@Json(naming = Json.Naming.LowerUnderscore)
public record Workload(Map<String, Container> containers) {
    /** Nothing to run. */
    public static final Workload EMPTY = new Workload(Map.of());

    public Workload {
        Required.field(containers, "containers");
        // Sorted, so that equal workloads are written as equal bytes and have equal digests.
        containers = Collections.unmodifiableMap(new TreeMap<>(containers));
    }

    /** By which a workload that failed is known: equal workloads have equal digests. */
    public Digest digest() {
        return Digest.of(Documents.WORKLOAD.toJsonBytes(this));
    }
}
