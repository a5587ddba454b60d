package io.skerry.device.container;

import io.avaje.jsonb.Json;
import io.skerry.spec.Required;
import io.skerry.spec.status.ContainerStatus.Cause;
import io.skerry.spec.status.ContainerStatus.Exit;
import java.util.Optional;

/**
 * How a container runs, as it is kept on the disk for the next daemon process.
 *
 * @param bootId the machine's boot in which this holds
 * @param init the container's PID 1 as the machine counts; none while it doesn't run
 * @param conmon its parent
 * @param startedAt by the device's clock, milliseconds since 1970
 * @param restarts how often it was started again
 * @param ends {@link BackOff#ends()}
 * @param stopped whether it ended and isn't to be started again in this boot by its policy
 * @param givenUp whether it ended and isn't to be started again in this boot because its retries are used up
 * @param lastExit how it ended the last time
 */
@Json(naming = Json.Naming.LowerUnderscore)
record RunRecord(
        String bootId,
        ProcessId init,
        ProcessId conmon,
        long startedAt,
        int restarts,
        int ends,
        boolean stopped,
        boolean givenUp,
        Optional<Exit> lastExit) {
    RunRecord {
        Required.field(bootId, "boot_id");
        Required.field(init, "init");
        Required.field(conmon, "conmon");
        Required.field(lastExit, "last_exit");
    }

    /** Whether it had halted itself and wasn't started since; that is known over a reboot of the machine too. */
    boolean halted() {
        return stopped && lastExit.filter(e -> e.cause() == Cause.HALTED).isPresent();
    }
}
