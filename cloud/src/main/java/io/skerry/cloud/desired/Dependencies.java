package io.skerry.cloud.desired;

import io.skerry.spec.Problem;
import io.skerry.spec.desired.Container;
import io.skerry.spec.desired.Groups;
import io.skerry.spec.desired.Membership;
import io.skerry.spec.desired.Workload;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Which containers on one node are started after which: services' names become those of their containers there.
 *
 * <p>What comes out keeps to a device's rules, so that it is never refused there as a whole: whom a container waits for is there,
 * in its group, and doesn't wait for it. Where what was chosen doesn't, an instance that would change keeps what it has, with a
 * reason, until the rest does. Each round refuses one more, so it ends; with all of them refused it is what the node has.
 */
final class Dependencies {
    private final Map<String, Choice> choices;
    private final Map<String, Container> containers = new TreeMap<>();

    private Dependencies(Map<String, Choice> choices) {
        this.choices = choices;
        choices.forEach((id, c) -> c.container().ifPresent(container -> containers.put(id, container)));
        // First all that there are, then whom each waits for among them.
        containers.replaceAll(this::linked);
    }

    /** The choices that can be told, by instance id. */
    static Fleet.Answer settled(Map<String, Choice> wanted) {
        var choices = new TreeMap<>(wanted);
        while (true) {
            var now = new Dependencies(choices);
            Optional<Refusal> refusal = now.refusal();
            if (refusal.isEmpty()) {
                return new Fleet.Answer(
                        Workload.of(now.containers),
                        choices.entrySet().stream()
                                .collect(Collectors.toMap(
                                        Map.Entry::getKey, e -> e.getValue().target())));
            }
            refusal.ifPresent(r -> choices.computeIfPresent(r.instanceId, (id, c) -> c.refused(r.problem)));
        }
    }

    /** An instance that must keep what it has, and why. */
    private record Refusal(String instanceId, Problem problem) {}

    private Container linked(String id, Container container) {
        Choice choice = choice(id);
        if (choice.made().isPresent()) {
            return choice.after().isEmpty()
                    ? container
                    : Choice.startedAfter(
                            container,
                            choice.after().stream()
                                    .flatMap(service -> of(service).stream())
                                    .sorted()
                                    .toList());
        }
        // What is kept names containers already; one that was taken off the node can't be waited for any more.
        List<String> names = after(container);
        List<String> left = names.stream().filter(containers::containsKey).toList();
        return left.equals(names) ? container : Choice.startedAfter(container, left);
    }

    /** The containers of a service. */
    private List<String> of(String service) {
        return containers.keySet().stream()
                .filter(id -> choice(id).service().equals(service))
                .toList();
    }

    private Optional<Refusal> refusal() {
        for (String id : containers.keySet()) {
            Optional<Refusal> found = missing(id).or(() -> strange(id)).or(() -> endless(id));
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }

    /** A service that it is to be started after isn't run here. */
    private Optional<Refusal> missing(String id) {
        Choice choice = choice(id);
        return choice.after().stream()
                .filter(service -> of(service).isEmpty())
                .findFirst()
                .map(service -> new Refusal(
                        id,
                        new Problem(
                                "instance.after-missing",
                                "'" + choice.service() + "' is to be started after '" + service + "', but the device "
                                        + why(service) + ".",
                                "Put '" + service + "' on the device first, or import a version of '" + choice.service()
                                        + "' without it in metadata.after.")));
    }

    private String why(String service) {
        return choices.values().stream()
                .filter(c -> c.service().equals(service))
                .findFirst()
                .map(c -> c.target() instanceof Target.Refused r
                        ? "can't run that: " + r.problem().message().replaceFirst("\\.$", "")
                        : "runs no version of it")
                .orElse("has no instance of it");
    }

    /** A container that it waits for is in another group. */
    private Optional<Refusal> strange(String id) {
        String group = group(container(id));
        return after(container(id)).stream()
                .filter(other -> !group(container(other)).equals(group))
                .findFirst()
                .flatMap(other -> changing(List.of(id, other), Dependencies::group)
                        .map(who -> new Refusal(who, strangers(id, other))));
    }

    private Problem strangers(String id, String other) {
        return new Problem(
                "instance.after-group",
                "'" + choice(id).service() + "' is started after '"
                        + choice(other).service()
                        + "', but on this device the one would be in group '" + group(container(id))
                        + "' and the other in '" + group(container(other)) + "'.",
                "Bring both to versions of one metadata.group.");
    }

    /** It waits for itself by way of others. */
    private Optional<Refusal> endless(String id) {
        List<String> circle = circle(id, id, new LinkedHashSet<>());
        return circle.isEmpty()
                ? Optional.empty()
                : changing(circle, Dependencies::after)
                        .map(who -> new Refusal(
                                who,
                                new Problem(
                                        "instance.after-cycle",
                                        "On this device each would wait for the next, without end: "
                                                + circle.stream()
                                                        .map(c -> choice(c).service())
                                                        .collect(Collectors.joining(" → "))
                                                + " → " + choice(id).service() + ".",
                                        "Import a version of one of them without the next in metadata.after.")));
    }

    /** The way from one container back to another by way of whom they wait for; empty when there is none. */
    private List<String> circle(String from, String to, Set<String> seen) {
        for (String other : after(container(from))) {
            if (other.equals(to)) {
                return new ArrayList<>(List.of(from));
            }
            if (seen.add(other)) {
                List<String> rest = circle(other, to, seen);
                if (!rest.isEmpty()) {
                    rest.addFirst(from);
                    return rest;
                }
            }
        }
        return List.of();
    }

    /** One of these that is to become something else than it is: rather one that is new or changes in this respect. */
    private Optional<String> changing(List<String> ids, Function<Container, Object> respect) {
        List<String> changing = ids.stream()
                .filter(id ->
                        choice(id).made().isPresent() && !choice(id).kept().equals(Optional.of(container(id))))
                .toList();
        return changing.stream()
                .filter(id -> choice(id)
                        .kept()
                        .filter(k -> respect.apply(k).equals(respect.apply(container(id))))
                        .isEmpty())
                .findFirst()
                .or(() -> changing.stream().findFirst());
    }

    private Choice choice(String id) {
        return Objects.requireNonNull(choices.get(id));
    }

    private Container container(String id) {
        return Objects.requireNonNull(containers.get(id));
    }

    private static List<String> after(Container container) {
        return container.membership().map(Membership::after).orElse(List.of());
    }

    private static String group(Container container) {
        return container
                .membership()
                .flatMap(Membership::group)
                .orElse(Groups.DEFAULT.last().name());
    }
}
