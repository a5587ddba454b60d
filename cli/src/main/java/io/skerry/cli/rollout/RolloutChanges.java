package io.skerry.cli.rollout;

import io.skerry.cli.api.Instance;
import io.skerry.cli.api.Rollout;
import io.skerry.cli.instance.InstanceTable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What happened between two looks at a roll-out, a line for each change. */
final class RolloutChanges {
    private RolloutChanges() {}

    /** A line for each instance of the first look. */
    static List<String> first(Rollout rollout) {
        return rollout.instances().stream().map(i -> line(rollout.name(), i)).toList();
    }

    /** A line for each instance that is new, gone or different. */
    static List<String> between(Rollout before, Rollout after) {
        Map<String, Instance> known = new HashMap<>();
        before.instances().forEach(i -> known.put(i.nodeServiceInstanceId(), i));
        List<String> lines = new ArrayList<>();
        if (before.containerVersion() != after.containerVersion()) {
            lines.add(after.name() + ": version " + after.containerVersion() + " is the newest now");
        }
        for (Instance instance : after.instances()) {
            Optional<Instance> previous = Optional.ofNullable(known.remove(instance.nodeServiceInstanceId()));
            if (previous.map(p -> !alike(p, instance)).orElse(true)) {
                lines.add(line(after.name(), instance));
            }
        }
        before.instances().stream()
                .filter(i -> known.containsKey(i.nodeServiceInstanceId()))
                .forEach(i -> lines.add(after.name() + " on " + i.nodeName() + ": doesn't follow it any more"));
        return lines;
    }

    private static boolean alike(Instance a, Instance b) {
        return a.state().equals(b.state())
                && a.nodeOnline() == b.nodeOnline()
                && a.runningVersion().equals(b.runningVersion())
                && a.targetVersion().equals(b.targetVersion())
                && InstanceTable.why(a).equals(InstanceTable.why(b));
    }

    private static String line(String name, Instance instance) {
        String why = InstanceTable.why(instance);
        return name + " on " + InstanceTable.node(instance).text() + ": " + instance.state()
                + instance.runningVersion().map(v -> ", runs version " + v).orElse("")
                + (why.isEmpty() ? "" : ": " + why);
    }
}
