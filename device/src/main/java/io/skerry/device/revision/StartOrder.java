package io.skerry.device.revision;

import io.skerry.spec.desired.Group;
import io.skerry.spec.desired.Workload;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** In which order the containers of a workload are started: group after group, within a group what others need first. Pure. */
record StartOrder(List<Stage> stages) {
    /**
     * One group's containers.
     *
     * @param levels those of each level need only those of earlier ones; by name within a level
     */
    record Stage(Group group, List<List<String>> levels) {}

    static StartOrder of(Workload workload) {
        Map<Group, NavigableMap<String, Placement>> byGroup = new LinkedHashMap<>();
        workload.grouping().order().forEach(g -> byGroup.put(g, new TreeMap<>()));
        workload.containers().forEach((name, container) -> {
            Placement placement = Placement.of(container, workload.grouping());
            byGroup.computeIfAbsent(placement.group(), _ -> new TreeMap<>()).put(name, placement);
        });
        List<Stage> stages = new ArrayList<>();
        byGroup.forEach((group, members) -> {
            if (!members.isEmpty()) {
                stages.add(new Stage(group, levels(members)));
            }
        });
        return new StartOrder(List.copyOf(stages));
    }

    private static List<List<String>> levels(NavigableMap<String, Placement> members) {
        List<List<String>> levels = new ArrayList<>();
        Set<String> placed = new TreeSet<>();
        while (placed.size() < members.size()) {
            List<String> level = members.entrySet().stream()
                    .filter(e -> !placed.contains(e.getKey()))
                    .filter(e -> e.getValue().after().stream()
                            .filter(members::containsKey)
                            .allMatch(placed::contains))
                    .map(Map.Entry::getKey)
                    .toList();
            if (level.isEmpty()) {
                // A circle, which the rules for workloads refuse: whoever is in one is started without waiting.
                level = members.keySet().stream()
                        .filter(n -> !placed.contains(n))
                        .toList();
            }
            levels.add(level);
            placed.addAll(level);
        }
        return levels;
    }

    /** All containers, the first to be started first. */
    List<String> names() {
        return stages.stream()
                .flatMap(s -> s.levels().stream())
                .flatMap(List::stream)
                .toList();
    }
}
