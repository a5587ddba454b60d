package io.skerry.cloud.observation;

import io.skerry.spec.Problem;
import io.skerry.spec.desired.ServiceVersion;
import io.skerry.spec.status.GivenUp;
import io.skerry.spec.status.Outcome;
import io.skerry.spec.status.Reason;
import java.util.Optional;

/** Something that a device's status tells for the first time. */
sealed interface Observed {
    /** @param from the version that the device has committed, if it has one */
    record Begun(String instanceId, ServiceVersion version, Optional<Long> from) implements Observed {}

    /** @param from the version that was committed before, if there was one */
    record Committed(String instanceId, ServiceVersion version, Optional<Long> from) implements Observed {}

    /**
     * @param from the version that goes on, if there is one
     * @param result whether it was refused before anything was switched, or rolled back
     */
    record Failed(String instanceId, ServiceVersion version, Optional<Long> from, Outcome.Result result, Reason reason)
            implements Observed {}

    /** @param service the container's, where the device has it still or is asked to */
    record Restored(GivenUp.Interval givenUp, Optional<ServiceVersion> service) implements Observed {}

    record ProblemBegan(Problem problem) implements Observed {}

    record ProblemEnded(String code) implements Observed {}
}
