package io.skerry.cloud.rollout;

import io.skerry.spec.Digest;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Who gets a new version with which phase. Pure. */
final class Assignment {
    private Assignment() {}

    /**
     * Someone to be assigned.
     *
     * @param labels of the device
     */
    record Candidate(String instanceId, Map<String, String> labels) {
        boolean has(Map<String, String> wanted) {
            return labels.entrySet().containsAll(wanted.entrySet());
        }
    }

    /**
     * The phase of each, by instance id. Which ones come first is chance, but always the same for the same roll-out.
     *
     * @param rolloutId so that it isn't always the same devices that try a new version first
     */
    static Map<String, Integer> phases(Collection<Candidate> all, List<Phase> phases, String rolloutId) {
        List<Candidate> order = all.stream()
                .map(c -> Map.entry(chance(rolloutId, c.instanceId()), c))
                .sorted(Map.Entry.comparingByKey())
                .map(Map.Entry::getValue)
                .toList();
        Map<String, Integer> assigned = new HashMap<>();
        for (int i = 0; i < phases.size(); i++) {
            Phase phase = phases.get(i);
            int number = i;
            order.stream()
                    .filter(c -> !assigned.containsKey(c.instanceId()))
                    .filter(c -> c.has(phase.labels()))
                    .limit(most(phase, order.size()))
                    .toList()
                    .forEach(c -> assigned.put(c.instanceId(), number));
        }
        order.forEach(c -> assigned.putIfAbsent(c.instanceId(), phases.size() - 1));
        return assigned;
    }

    /** A percentage is rounded up, so that a phase of a small fleet has somebody. */
    private static long most(Phase phase, int all) {
        Optional<Long> percent = phase.percent().map(p -> (all * (long) p + 99) / 100);
        return Math.min(
                percent.orElse(Long.MAX_VALUE), phase.count().map(Long::valueOf).orElse(Long.MAX_VALUE));
    }

    private static String chance(String rolloutId, String instanceId) {
        return Digest.of((rolloutId + instanceId).getBytes(StandardCharsets.UTF_8))
                .hex();
    }
}
