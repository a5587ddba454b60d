package io.skerry.spec.desired;

import io.avaje.jsonb.Json;
import io.skerry.spec.Required;
import java.util.List;
import java.util.Optional;

/**
 * The groups of a workload in the order in which they are started.
 *
 * @param order at least one; names are different
 */
@Json
public record Groups(List<Group> order) {
    /**
     * What a workload has that names none (reference, disks and state, §1.7): data, root and platform change with a reboot of
     * the device, app without.
     */
    public static final Groups DEFAULT = new Groups(List.of(
            new Group("data", Goal.MOUNTED, Group.DEFAULT_TIMEOUT_SECONDS, RestartScope.SYSTEM),
            new Group("root", Goal.STARTED, Group.DEFAULT_TIMEOUT_SECONDS, RestartScope.SYSTEM),
            new Group("platform", Goal.STARTED, Group.DEFAULT_TIMEOUT_SECONDS, RestartScope.SYSTEM),
            new Group("app", Goal.STARTED, Group.DEFAULT_TIMEOUT_SECONDS, RestartScope.CONTAINER)));

    public Groups {
        Required.field(order, "order");
        order = List.copyOf(order);
    }

    public Optional<Group> named(String name) {
        return order.stream().filter(g -> g.name().equals(name)).findFirst();
    }

    /** The group of a container that names none: the last one. */
    public Group last() {
        return order.getLast();
    }
}
