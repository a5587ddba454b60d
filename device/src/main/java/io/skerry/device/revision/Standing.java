package io.skerry.device.revision;

import io.skerry.spec.Problem;
import io.skerry.spec.desired.Workload;
import io.skerry.spec.status.RevisionStatus;
import java.util.List;

/**
 * Where the engine stands.
 *
 * @param revision for the status
 * @param coming the workload that is being prepared, tried or run: whose containers the device has or is about to have
 * @param problems what keeps it from getting on
 */
public record Standing(RevisionStatus revision, Workload coming, List<Problem> problems) {
    public Standing {
        problems = List.copyOf(problems);
    }
}
