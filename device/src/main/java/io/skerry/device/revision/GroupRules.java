package io.skerry.device.revision;

import io.skerry.spec.Problem;
import io.skerry.spec.ProblemException;
import io.skerry.spec.Text;
import io.skerry.spec.desired.Container;
import io.skerry.spec.desired.Group;
import io.skerry.spec.desired.Groups;
import io.skerry.spec.desired.Membership;
import io.skerry.spec.desired.Workload;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What groups, and containers' places in them, must keep to. */
final class GroupRules {
    static final int MOST_GROUPS = 32;

    private GroupRules() {}

    /** @throws ProblemException {@code workload.groups} */
    static void check(Groups groups) {
        Set<String> names = new HashSet<>();
        for (Group group : groups.order()) {
            if (!names.add(group.name())
                    || group.name().isEmpty()
                    || group.name().length() > 63) {
                throw wrong("'" + Text.shortened(group.name(), 70)
                        + "' can't be the name of a group: each needs one of its own, of 1 to 63 characters");
            }
            if (group.timeoutSeconds() < 1 || group.timeoutSeconds() > Group.MOST_TIMEOUT_SECONDS) {
                throw wrong("timeout_seconds of group " + group.name() + " is " + group.timeoutSeconds()
                        + ", it can be 1 to " + Group.MOST_TIMEOUT_SECONDS);
            }
        }
        if (names.isEmpty() || names.size() > MOST_GROUPS) {
            throw wrong("there are " + names.size() + ", there can be 1 to " + MOST_GROUPS);
        }
    }

    /** @throws ProblemException {@code workload.malformed}, naming the container */
    static void check(String name, Container container, Workload workload) {
        Membership membership = container.membership().orElse(Membership.DEFAULT);
        membership.group().ifPresent(group -> {
            if (workload.grouping().named(group).isEmpty()) {
                throw WorkloadRules.wrong(
                        name,
                        "there is no group '" + Text.shortened(group, 70) + "', only "
                                + String.join(
                                        ", ",
                                        workload.grouping().order().stream()
                                                .map(Group::name)
                                                .toList()));
            }
        });
        membership
                .goalSeconds()
                .filter(s -> s < 1 || s > Group.MOST_TIMEOUT_SECONDS)
                .ifPresent(s -> {
                    throw WorkloadRules.wrong(
                            name, "goal_seconds is " + s + ", it can be 1 to " + Group.MOST_TIMEOUT_SECONDS);
                });
        Group own = Placement.of(container, workload.grouping()).group();
        for (String needed : membership.after()) {
            Container other = workload.containers().get(needed);
            if (other == null
                    || !Placement.of(other, workload.grouping()).group().equals(own)) {
                throw WorkloadRules.wrong(
                        name,
                        "it is to start after '" + Text.shortened(needed, 70) + "', which isn't in its group "
                                + own.name());
            }
        }
        if (isInCircle(name, name, workload, new HashSet<>())) {
            throw WorkloadRules.wrong(name, "it is to start after itself, by way of those that it starts after");
        }
    }

    private static boolean isInCircle(String start, String at, Workload workload, Set<String> seen) {
        Container container = workload.containers().get(at);
        List<String> after = container == null
                ? List.of()
                : container.membership().orElse(Membership.DEFAULT).after();
        for (String needed : after) {
            if (needed.equals(start) || (seen.add(needed) && isInCircle(start, needed, workload, seen))) {
                return true;
            }
        }
        return false;
    }

    private static ProblemException wrong(String why) {
        return new Problem("workload.groups", "The groups can't be used: " + why + ".").asException();
    }
}
