package io.skerry.cloud.instance;

import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.cloud.instance.Entitlement.Held;
import io.skerry.cloud.instance.Entitlement.Pass;
import io.skerry.cloud.instance.Entitlement.Rule;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What follows for a device from the services of its groups. */
class EntitlementTest {
    private static final List<String> PATH = List.of("trains", "line-1");

    private static Rule rule(String id, String group, String service, String selector) {
        return new Rule(id, group, service, stored(selector));
    }

    private static Held byHand(String id, String service) {
        return new Held(id, service, Optional.empty(), Optional.empty(), Optional.empty());
    }

    private static Held by(Rule rule, String id, String selector) {
        return new Held(id, rule.serviceId(), stored(selector), Optional.of(rule.ruleId()), rule.selector());
    }

    private static Optional<String> stored(String selector) {
        return selector.isEmpty() ? Optional.empty() : Optional.of(selector);
    }

    @Test
    void aDeviceGetsWhatEachOfItsGroupsHasAndNothingOfOthers() {
        Rule outer = rule("r1", "trains", "web", "");
        Rule inner = rule("r2", "line-1", "gate", "");
        Rule other = rule("r3", "line-2", "cam", "");

        assertThat(Entitlement.of(PATH, List.of(outer, inner, other), List.of()).gained())
                .containsExactlyInAnyOrder(outer, inner);
    }

    @Test
    void ofSeveralGroupsWithAServiceTheInnermostCounts() {
        Rule outer = rule("r1", "trains", "web", "");
        Rule inner = rule("r2", "line-1", "web", "version:2");

        assertThat(Entitlement.of(PATH, List.of(outer, inner), List.of()).gained())
                .containsExactly(inner);
    }

    @Test
    void whatSomebodyAddedStaysAndIsEnough() {
        Rule rule = rule("r1", "trains", "web", "");
        List<Held> held = List.of(byHand("i1", "web"), byHand("i2", "web"), byHand("i3", "cam"));

        assertThat(Entitlement.of(PATH, List.of(rule), held)).isEqualTo(new Entitlement(List.of(), Map.of(), Set.of()));
        assertThat(Entitlement.of(List.of(), List.of(rule), held).lost()).isEmpty();
    }

    @Test
    void whatCameByAGroupGoesWithIt() {
        Rule rule = rule("r1", "trains", "web", "");

        assertThat(Entitlement.of(List.of(), List.of(rule), List.of(by(rule, "i1", "version:3")))
                        .lost())
                .containsExactly("i1");
    }

    @Test
    void whatCameByAGroupPassesToAnotherThatHasItsService() {
        Rule from = rule("r1", "depot", "web", "");
        Rule to = rule("r2", "trains", "web", "version:2");

        Entitlement follows = Entitlement.of(PATH, List.of(to), List.of(by(from, "i1", "")));
        Entitlement ownWay = Entitlement.of(PATH, List.of(to), List.of(by(from, "i1", "version:1")));

        assertThat(follows.passed()).isEqualTo(Map.of("i1", new Pass(to, Optional.of("version:2"))));
        assertThat(ownWay.passed()).isEqualTo(Map.of("i1", new Pass(to, Optional.of("version:1"))));
        assertThat(follows.gained()).isEmpty();
        assertThat(follows.lost()).isEmpty();
    }

    @Test
    void whateverThereIsTheDeviceEndsWithWhatItIsToHaveAndNothingFollowsAnyMore() {
        var random = new SplittableRandom(20_261_130);
        for (int round = 0; round < 20_000; round++) {
            List<Rule> rules = rules(random);
            List<String> path = path(random);
            List<Held> before = held(random, rules);

            Entitlement first = Entitlement.of(path, rules, before);
            List<Held> after = carriedOut(first, before);

            assertThat(Entitlement.of(path, rules, after))
                    .as("%s %s %s", path, rules, before)
                    .isEqualTo(new Entitlement(List.of(), Map.of(), Set.of()));
            assertThat(after)
                    .as("what was added by hand stays as it was")
                    .containsAll(before.stream().filter(h -> h.rule().isEmpty()).toList());
            assertThat(services(after.stream()))
                    .as("whatever a group of the device has is there")
                    .containsAll(rules.stream()
                            .filter(r -> path.contains(r.groupId()))
                            .map(Rule::serviceId)
                            .toList());
            Set<String> ofGroups = rules.stream()
                    .filter(r -> path.contains(r.groupId()))
                    .map(Rule::ruleId)
                    .collect(Collectors.toSet());
            assertThat(after.stream().flatMap(h -> h.rule().stream()))
                    .as("whatever came by a group is of one of the device's groups")
                    .allMatch(ofGroups::contains);
        }
    }

    private static Set<String> services(java.util.stream.Stream<Held> held) {
        return held.map(Held::serviceId).collect(Collectors.toSet());
    }

    /** A group's rule for a service is there once. */
    private static List<Rule> rules(SplittableRandom random) {
        List<Rule> rules = new ArrayList<>();
        for (String group : List.of("a", "b", "c", "d")) {
            for (String service : List.of("web", "gate", "cam")) {
                if (random.nextInt(3) == 0) {
                    rules.add(rule(group + service, group, service, selector(random)));
                }
            }
        }
        return rules;
    }

    private static List<String> path(SplittableRandom random) {
        List<String> groups = new ArrayList<>(Arrays.asList("a", "b", "c", "d"));
        List<String> path = new ArrayList<>();
        for (int deep = random.nextInt(5); deep > 0; deep--) {
            path.add(groups.remove(random.nextInt(groups.size())));
        }
        return path;
    }

    /** What may be there from before: by rules that are there or gone, and by hand. */
    private static List<Held> held(SplittableRandom random, List<Rule> rules) {
        List<Held> held = new ArrayList<>();
        Set<String> byRule = new HashSet<>();
        for (int i = random.nextInt(6); i > 0; i--) {
            Rule gone = rule("gone" + i, "z", List.of("web", "gate", "cam").get(random.nextInt(3)), selector(random));
            Rule rule = rules.isEmpty() || random.nextInt(4) == 0 ? gone : rules.get(random.nextInt(rules.size()));
            if (random.nextInt(3) == 0) {
                held.add(byHand("i" + i, rule.serviceId()));
            } else if (byRule.add(rule.serviceId())) {
                held.add(
                        by(rule, "i" + i, random.nextBoolean() ? rule.selector().orElse("") : selector(random)));
            }
        }
        return held;
    }

    private static String selector(SplittableRandom random) {
        return List.of("", "version:1", "version:2", "disabled").get(random.nextInt(4));
    }

    private static List<Held> carriedOut(Entitlement entitlement, List<Held> before) {
        List<Held> after = new ArrayList<>();
        for (Held h : before) {
            Pass pass = entitlement.passed().get(h.instanceId());
            if (pass != null) {
                after.add(new Held(
                        h.instanceId(),
                        h.serviceId(),
                        pass.selector(),
                        Optional.of(pass.rule().ruleId()),
                        pass.rule().selector()));
            } else if (!entitlement.lost().contains(h.instanceId())) {
                after.add(h);
            }
        }
        entitlement
                .gained()
                .forEach(rule -> after.add(
                        by(rule, "new" + rule.ruleId(), rule.selector().orElse(""))));
        return after;
    }
}
