package io.skerry.spec.desired;

import io.avaje.jsonb.Json;
import io.skerry.spec.Digest;
import io.skerry.spec.Required;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a device is to run.
 *
 * @param containers by their name on the device: the node service instance's id
 * @param groups in the order in which they are started; empty: {@link Groups#DEFAULT}
 */
@Json(naming = Json.Naming.LowerUnderscore)
public record Workload(Map<String, Container> containers, Optional<Groups> groups) {
    /** Nothing to run. */
    public static final Workload EMPTY = of(Map.of());

    public Workload {
        Required.field(containers, "containers");
        Required.field(groups, "groups");
        // Sorted, so that equal workloads are written as equal bytes and have equal digests.
        containers = Collections.unmodifiableMap(new TreeMap<>(containers));
    }

    /** A workload with the usual groups. */
    public static Workload of(Map<String, Container> containers) {
        return new Workload(containers, Optional.empty());
    }

    /** The groups that count. */
    public Groups grouping() {
        return groups.orElse(Groups.DEFAULT);
    }

    /** These containers instead, in the same groups. */
    public Workload with(Map<String, Container> others) {
        return new Workload(others, groups);
    }

    /** By which a workload that failed is known: equal workloads have equal digests. */
    public Digest digest() {
        return Digest.of(Documents.WORKLOAD.toJsonBytes(this));
    }
}
