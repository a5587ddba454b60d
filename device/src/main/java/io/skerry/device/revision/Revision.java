package io.skerry.device.revision;

import io.skerry.spec.desired.Workload;

/**
 * A workload with the number under which this device tried it. Numbers only grow; 0 is the empty device before the first.
 */
public record Revision(int number, Workload workload) {
    /** Before the first. */
    static final Revision NONE = new Revision(0, Workload.EMPTY);
}
