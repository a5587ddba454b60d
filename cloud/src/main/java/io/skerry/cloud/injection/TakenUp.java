package io.skerry.cloud.injection;

import io.skerry.spec.Digest;
import io.skerry.spec.desired.Container;
import io.skerry.spec.desired.Documents;
import io.skerry.spec.status.DeviceStatus;
import io.skerry.spec.status.Outcome;
import io.skerry.spec.status.RevisionStatus;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Whether a device has taken up a file by its own word. Pure. */
final class TakenUp {
    private TakenUp() {}

    /**
     * Whether the device was told the file and has committed that, and not all but this instance's container of it.
     *
     * @param workload what the device was told last, as its JSON was told
     * @param status what it said last
     * @param digest of the file
     */
    static boolean by(
            String workload,
            @SuppressWarnings("OptionalUsedAsFieldOrParameterType") Optional<DeviceStatus> status,
            String instanceId,
            String path,
            String digest) {
        return told(workload, instanceId, path, digest)
                && status.map(DeviceStatus::revision)
                        .filter(r -> committed(r, workload) && !leftOut(r, instanceId))
                        .isPresent();
    }

    private static boolean told(String workload, String instanceId, String path, String digest) {
        return Optional.ofNullable(
                        Documents.WORKLOAD.fromJson(workload).containers().get(instanceId))
                .flatMap(Container::config)
                .filter(config -> config.files().stream()
                        .anyMatch(
                                f -> f.path().equals(path) && f.digest().value().equals(digest)))
                .isPresent();
    }

    private static boolean committed(RevisionStatus revision, String workload) {
        return revision.outcome()
                .filter(o -> o.result() == Outcome.Result.COMMITTED
                        && o.workload().equals(Digest.of(workload.getBytes(StandardCharsets.UTF_8))))
                .isPresent();
    }

    /** What failed there before, or waits for a window, keeps the form that it has. */
    private static boolean leftOut(RevisionStatus revision, String instanceId) {
        return revision.heldBack().stream().anyMatch(h -> h.name().equals(instanceId))
                || revision.waits().stream()
                        .flatMap(w -> w.containers().stream())
                        .anyMatch(w -> w.name().equals(instanceId));
    }
}
