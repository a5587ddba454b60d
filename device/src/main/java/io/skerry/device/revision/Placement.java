package io.skerry.device.revision;

import io.skerry.spec.desired.Container;
import io.skerry.spec.desired.Goal;
import io.skerry.spec.desired.Group;
import io.skerry.spec.desired.Groups;
import io.skerry.spec.desired.Membership;
import io.skerry.spec.desired.RestartScope;
import io.skerry.spec.desired.Workload;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * A container's place among the others, with what its group says filled in. A container that names no group belongs to the
 * last one; one that names a group which isn't there is refused by {@link WorkloadRules}.
 */
record Placement(Group group, Goal goal, int goalSeconds, RestartScope scope, List<String> after) {
    /** The containers by which two workloads differ and which change only with a reboot of the device. */
    static List<String> needingReboot(Workload from, Workload to) {
        Set<String> names = new TreeSet<>(from.containers().keySet());
        names.addAll(to.containers().keySet());
        return names.stream()
                .filter(n -> differ(
                        Optional.ofNullable(from.containers().get(n)),
                        Optional.ofNullable(to.containers().get(n))))
                .filter(n -> scope(to.containers().containsKey(n) ? to : from, n) == RestartScope.SYSTEM)
                .toList();
    }

    private static boolean differ(Optional<Container> one, Optional<Container> other) {
        return one.map(o -> !Forms.same(o, other)).orElse(other.isPresent());
    }

    private static RestartScope scope(Workload workload, String name) {
        return of(Objects.requireNonNull(workload.containers().get(name)), workload.grouping())
                .scope();
    }

    /** Within how many seconds these containers of one group must all have reached their goals: the slowest one has its time. */
    static int goalSeconds(Workload workload, List<String> names) {
        return names.stream()
                .mapToInt(n -> of(Objects.requireNonNull(workload.containers().get(n)), workload.grouping())
                        .goalSeconds())
                .max()
                .orElse(Group.DEFAULT_TIMEOUT_SECONDS);
    }

    static Placement of(Container container, Groups groups) {
        Membership membership = container.membership().orElse(Membership.DEFAULT);
        Group group = membership.group().flatMap(groups::named).orElse(groups.last());
        return new Placement(
                group,
                membership.goal().orElse(group.goal()),
                membership.goalSeconds().orElse(group.timeoutSeconds()),
                membership.restart().orElse(group.restart()),
                membership.after());
    }
}
