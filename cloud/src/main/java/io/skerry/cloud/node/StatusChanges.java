package io.skerry.cloud.node;

import io.skerry.spec.status.DeviceStatus;
import org.jdbi.v3.core.Handle;

/** Told what devices say of themselves. */
@FunctionalInterface
public interface StatusChanges {
    /** Within the work that keeps the status. A device repeats what it said every few minutes, so this must cost little then. */
    void reported(Handle h, String nodeId, DeviceStatus status);
}
