package io.skerry.device.revision;

import io.skerry.spec.desired.Container;
import io.skerry.spec.desired.Workload;

/**
 * In whose name steps are taken.
 *
 * @param revision the one that is tried, or the committed one when it is kept
 * @param way where the steps lead
 * @param target what is to run after them
 * @param base the number of the committed revision, under which volumes are kept as it knew them
 */
record Attempt(Revision revision, Way way, Workload target, int base) {
    Container container(String name) {
        Container container = target.containers().get(name);
        if (container == null) {
            throw new IllegalStateException("a plan starts " + name + ", which its workload doesn't have");
        }
        return container;
    }

    Placement placement(String name) {
        return Placement.of(container(name), target.grouping());
    }
}
