package io.skerry.cloud.instance;

import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What follows for one device from the services of its groups. Pure, and settled: once it was carried out, nothing follows any more.
 *
 * <ul>
 *   <li>It is to have an instance of each service that one of its groups has; where several have it, the innermost counts.
 *   <li>An instance that somebody added to the device stays whatever comes, and is enough: no second one is made beside it.
 *   <li>One that came by a group passes to another one that has its service, and so keeps what it has; when none has, it goes.
 *   <li>One that passes follows what its new group says, unless somebody had it follow something else than its old one said.
 * </ul>
 *
 * @param gained those by which it is to get an instance
 * @param passed by instance id, to which these pass
 * @param lost the ids of the instances that go
 */
record Entitlement(List<Rule> gained, Map<String, Pass> passed, Set<String> lost) {
    Entitlement {
        gained = List.copyOf(gained);
        passed = Map.copyOf(passed);
        lost = Set.copyOf(lost);
    }

    /** A service of a group; {@code selector} as stored. */
    record Rule(String ruleId, String groupId, String serviceId, Optional<String> selector) {}

    /**
     * An instance on the device.
     *
     * @param rule by which it came; empty: by hand
     * @param ruleSelector what that says
     */
    record Held(
            String instanceId,
            String serviceId,
            Optional<String> selector,
            Optional<String> rule,
            Optional<String> ruleSelector) {}

    /** To which an instance passes, and what it follows then. */
    record Pass(Rule rule, Optional<String> selector) {}

    /**
     * @param path the ids of the device's groups, the outermost first
     * @param rules at least those of these groups
     * @param held what is on the device
     */
    static Entitlement of(List<String> path, Collection<Rule> rules, Collection<Held> held) {
        Map<String, Rule> wanted = innermost(path, rules);
        Set<String> served = new HashSet<>();
        Map<String, Pass> passed = new LinkedHashMap<>();
        Set<String> lost = new TreeSet<>();
        for (Held one :
                held.stream().sorted(Comparator.comparing(Held::instanceId)).toList()) {
            Optional<Rule> rule = Optional.ofNullable(wanted.get(one.serviceId));
            if (one.rule.isEmpty()) {
                continue;
            }
            if (rule.isEmpty() || !served.add(one.serviceId)) {
                lost.add(one.instanceId);
            } else if (!one.rule.get().equals(rule.get().ruleId)) {
                boolean ownWay = !one.selector.equals(one.ruleSelector);
                passed.put(one.instanceId, new Pass(rule.get(), ownWay ? one.selector : rule.get().selector));
            }
        }
        held.stream().filter(one -> one.rule.isEmpty()).forEach(one -> served.add(one.serviceId));
        return new Entitlement(
                wanted.values().stream()
                        .filter(rule -> !served.contains(rule.serviceId))
                        .toList(),
                passed,
                lost);
    }

    /** By service, in the order of their ids. */
    private static Map<String, Rule> innermost(List<String> path, Collection<Rule> rules) {
        Map<String, Rule> wanted = new TreeMap<>();
        rules.stream()
                .filter(rule -> path.contains(rule.groupId))
                .sorted(Comparator.comparingInt((Rule rule) -> path.indexOf(rule.groupId))
                        .thenComparing(Rule::ruleId))
                .forEach(rule -> wanted.put(rule.serviceId, rule));
        return wanted;
    }
}
