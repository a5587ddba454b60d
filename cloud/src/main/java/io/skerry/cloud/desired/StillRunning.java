package io.skerry.cloud.desired;

import io.skerry.spec.Digest;
import io.skerry.spec.desired.Container;
import io.skerry.spec.desired.Documents;
import io.skerry.spec.desired.Workload;
import io.skerry.spec.status.ContainerStatus;
import io.skerry.spec.status.DeviceStatus;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What a node runs although it was told something else twice since: one that went back from a version is told more before it gets to
 * run any of it. It must be able to fetch that again, and nobody may remove it. A node's word counts only for what it was told.
 */
final class StillRunning {
    private StillRunning() {}

    /**
     * What is to be kept for it once it is told something else than this.
     *
     * @return JSON of a workload; nothing when there is nothing to keep
     */
    static Optional<String> after(FleetTables.Told told) {
        Map<String, Digest> runs = told.status().map(DeviceStatus.JSON::fromJson).stream()
                .flatMap(s -> s.containers().stream())
                .collect(Collectors.toMap(ContainerStatus::name, ContainerStatus::manifest, (one, _) -> one));
        Map<String, Container> kept = new TreeMap<>();
        for (Workload earlier : List.of(
                workload(told.previousWorkload()),
                told.running().map(StillRunning::workload).orElse(Workload.EMPTY))) {
            earlier.containers().forEach((name, container) -> {
                if (container.image().manifest().equals(runs.get(name)) && !has(told.workload(), name, container)) {
                    kept.putIfAbsent(name, container);
                }
            });
        }
        return kept.isEmpty() ? Optional.empty() : Optional.of(Documents.WORKLOAD.toJson(Workload.of(kept)));
    }

    private static boolean has(Workload told, String name, Container container) {
        return Optional.ofNullable(told.containers().get(name))
                .filter(c -> c.image().equals(container.image()))
                .isPresent();
    }

    private static Workload workload(String json) {
        return Documents.WORKLOAD.fromJson(json);
    }
}
