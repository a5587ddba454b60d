package io.skerry.device.revision;

import io.skerry.spec.status.ContainerStatus;
import java.util.List;

/** Judges containers from what is seen of them and from the time that has passed; does nothing itself. */
interface Judge {
    /** @param now nanoseconds of a {@link Ticker} */
    Verdict judge(List<ContainerStatus> statuses, long now);
}
