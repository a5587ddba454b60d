package io.skerry.cloud.instance;

import io.skerry.spec.Digest;
import io.skerry.spec.desired.Container;
import io.skerry.spec.desired.Documents;
import io.skerry.spec.status.DeviceStatus;
import io.skerry.spec.status.Outcome;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What is known of a device when its instances are looked at.
 *
 * @param online whether it is there now
 * @param status the newest that it said of itself
 * @param told what it is to run
 */
record NodeFacts(boolean online, Optional<DeviceStatus> status, Optional<Told> told) {
    /** Whether the device, by its own word, committed the workload before and was told to leave this container as it was. */
    boolean keeps(String container) {
        return told.filter(t -> t.unchanged.contains(container))
                .flatMap(t -> status.flatMap(s -> s.revision().outcome())
                        .filter(o -> o.result() == Outcome.Result.COMMITTED
                                && o.workload().equals(t.before)))
                .isPresent();
    }

    /**
     * The workloads that a device was told.
     *
     * @param wanted the digest of the last one
     * @param before the digest of the one before
     * @param unchanged the containers that are alike in both
     */
    record Told(Digest wanted, Digest before, Set<String> unchanged) {
        Told {
            unchanged = Set.copyOf(unchanged);
        }

        /** Of the workloads' JSON as it was told. */
        static Told of(String wanted, String before) {
            Map<String, Container> old = Documents.WORKLOAD.fromJson(before).containers();
            return new Told(
                    digest(wanted),
                    digest(before),
                    Documents.WORKLOAD.fromJson(wanted).containers().entrySet().stream()
                            .filter(c -> c.getValue().equals(old.get(c.getKey())))
                            .map(Map.Entry::getKey)
                            .collect(Collectors.toSet()));
        }

        /** A workload's digest is that of its JSON. */
        private static Digest digest(String workload) {
            return Digest.of(workload.getBytes(StandardCharsets.UTF_8));
        }
    }
}
