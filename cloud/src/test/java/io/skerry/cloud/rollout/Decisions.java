package io.skerry.cloud.rollout;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Roll-outs, members and reports as the tests of {@link Decision} have them: version 2 takes the place of version 1. */
final class Decisions {
    static final long NEW = 2;
    static final Phase ALL = phase(Optional.empty(), 100, 0, 0, 0);

    private Decisions() {}

    static Set<String> admitted(Decision decision) {
        return admitted(decision.members());
    }

    static Set<String> admitted(List<Member> members) {
        Set<String> ids = new HashSet<>();
        members.stream().filter(Member::admitted).forEach(m -> ids.add(m.instanceId()));
        return ids;
    }

    static Map<String, Report> said(Object... stands) {
        Map<String, Report> reports = new HashMap<>();
        for (int i = 0; i < stands.length; i += 2) {
            reports.put((String) stands[i], new Report(NEW, (Stand) stands[i + 1], true, false, false));
        }
        return reports;
    }

    static Member member(String id, int phase) {
        return new Member(id, "n-" + id, phase, Optional.of(1L), false, Stand.PENDING, Optional.empty());
    }

    static Phase phase(Optional<Integer> percent, int success, int failure, int soak, int atOnce) {
        return new Phase(Map.of(), percent, Optional.empty(), success, failure, soak, 0, atOnce, false);
    }

    static Phase within(int updateSeconds) {
        return new Phase(Map.of(), Optional.of(50), Optional.empty(), 100, 0, 0, updateSeconds, 0, false);
    }

    static Rollout rollout(Phase... phases) {
        return new Rollout(
                "r",
                "c",
                "s",
                NEW,
                Optional.of(1L),
                new RolloutPolicy(List.of(phases), false),
                State.RUNNING,
                0,
                Optional.empty(),
                0,
                Optional.empty(),
                0,
                0);
    }
}
