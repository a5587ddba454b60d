package io.skerry.device.revision;

import io.skerry.spec.Digest;
import io.skerry.spec.desired.ConfigFile;
import io.skerry.spec.desired.ConfigFiles;
import io.skerry.spec.desired.Container;
import io.skerry.spec.desired.Goal;
import io.skerry.spec.desired.Group;
import io.skerry.spec.desired.Groups;
import io.skerry.spec.desired.HealthCheck;
import io.skerry.spec.desired.Image;
import io.skerry.spec.desired.Limits;
import io.skerry.spec.desired.Membership;
import io.skerry.spec.desired.Recovery;
import io.skerry.spec.desired.RestartPolicy;
import io.skerry.spec.desired.RestartScope;
import io.skerry.spec.desired.ServiceVersion;
import io.skerry.spec.desired.UpdateRules;
import io.skerry.spec.desired.VolumeMount;
import io.skerry.spec.desired.Workload;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/** Workloads for tests. */
final class Workloads {
    private Workloads() {}

    static Digest image(String name) {
        return Digest.of(name.getBytes(StandardCharsets.UTF_8));
    }

    static Container container(String service, int version) {
        return container(service, version, RestartPolicy.ALWAYS, 0);
    }

    static Container container(String service, int version, RestartPolicy restart, int probation) {
        return Container.plain(
                new ServiceVersion("id-" + service, service, version),
                new Image("customer/" + service, image(service + version), 10, 20),
                Map.of(),
                Limits.DEFAULT,
                List.of(),
                Optional.empty(),
                restart,
                1,
                probation);
    }

    static Container checked(String service, int version, int probation) {
        Container c = container(service, version, RestartPolicy.ALWAYS, probation);
        return Container.plain(
                c.service(),
                c.image(),
                c.environment(),
                c.limits(),
                c.volumes(),
                Optional.of(new HealthCheck.Tcp(80, new HealthCheck.Timing(1, 1, 0, 1))),
                c.restart(),
                c.stopSeconds(),
                c.probationSeconds());
    }

    static Workload workload(String name, Container container) {
        return Workload.of(Map.of(name, container));
    }

    static Workload workload(String name, Container container, String other, Container otherContainer) {
        return Workload.of(Map.of(name, container, other, otherContainer));
    }

    /** One that is replaced in this way. */
    static Container by(UpdateRules.Strategy strategy, Container container) {
        return with(
                container,
                container.membership(),
                Optional.of(new UpdateRules(strategy, Optional.empty(), Optional.empty(), Optional.empty(), 0)));
    }

    static Container inGroup(String group, Container container, String... after) {
        return with(
                container,
                Optional.of(new Membership(
                        Optional.of(group), Optional.empty(), Optional.empty(), Optional.empty(), List.of(after))),
                container.update());
    }

    /** One that has so long to reach its goal. */
    static Container within(int goalSeconds, Container container) {
        return with(
                container,
                Optional.of(new Membership(
                        Optional.empty(), Optional.empty(), Optional.of(goalSeconds), Optional.empty(), List.of())),
                container.update());
    }

    static Container ruled(Container container, UpdateRules rules) {
        return with(container, container.membership(), Optional.of(rules));
    }

    static Container with(Container c, Optional<Membership> membership, Optional<UpdateRules> update) {
        return new Container(
                c.service(),
                c.image(),
                c.environment(),
                c.limits(),
                c.volumes(),
                c.health(),
                c.restart(),
                c.stopSeconds(),
                c.probationSeconds(),
                membership,
                c.recovery(),
                update,
                c.config());
    }

    static Container recovering(Container c, Recovery recovery) {
        return new Container(
                c.service(),
                c.image(),
                c.environment(),
                c.limits(),
                c.volumes(),
                c.health(),
                c.restart(),
                c.stopSeconds(),
                c.probationSeconds(),
                c.membership(),
                Optional.of(recovery),
                c.update(),
                c.config());
    }

    /** One with a volume {@code data} that is kept as it was before an update. */
    static Container keeping(Container c) {
        return with(c, new VolumeMount("data", "/data", Optional.of(new VolumeMount.Care(false, true))));
    }

    /** One with these volumes and no others. */
    static Container with(Container c, VolumeMount... volumes) {
        return new Container(
                c.service(),
                c.image(),
                c.environment(),
                c.limits(),
                List.of(volumes),
                c.health(),
                c.restart(),
                c.stopSeconds(),
                c.probationSeconds(),
                c.membership(),
                c.recovery(),
                c.update(),
                c.config());
    }

    static Container onProbation(Container c, int seconds) {
        return new Container(
                c.service(),
                c.image(),
                c.environment(),
                c.limits(),
                c.volumes(),
                c.health(),
                c.restart(),
                c.stopSeconds(),
                seconds,
                c.membership(),
                c.recovery(),
                c.update(),
                c.config());
    }

    /** Anything that {@link WorkloadRules} let pass: with groups, orders, goals, locks, hooks, volumes and files of all sorts. */
    static Workload any(RandomGenerator random) {
        Optional<Groups> groups = random.nextInt(4) == 0 ? Optional.of(anyGroups(random)) : Optional.empty();
        Map<String, Container> containers = new TreeMap<>();
        int count = random.nextInt(6);
        for (int i = 0; i < count; i++) {
            String name = "c" + random.nextInt(6);
            containers.remove(name);
            containers.put(name, any(random, new Workload(containers, groups)));
        }
        return new Workload(withoutLooseEnds(containers, groups), groups);
    }

    private static Groups anyGroups(RandomGenerator random) {
        List<Group> order = new ArrayList<>();
        for (String name : List.of("root", "own", "app")) {
            if (order.isEmpty() || random.nextBoolean()) {
                order.add(new Group(name, any(random, Goal.values()), 30, any(random, RestartScope.values())));
            }
        }
        return new Groups(order);
    }

    private static Container any(RandomGenerator random, Workload others) {
        Container plain = container("s" + random.nextInt(3), 1 + random.nextInt(2));
        Optional<UpdateRules> update = random.nextBoolean() ? Optional.of(anyRules(random)) : Optional.empty();
        boolean overlaps = update.filter(u -> u.strategy().overlaps()).isPresent();
        return new Container(
                plain.service(),
                plain.image(),
                plain.environment(),
                plain.limits(),
                anyVolumes(random, overlaps),
                plain.health(),
                plain.restart(),
                plain.stopSeconds(),
                plain.probationSeconds(),
                random.nextBoolean() ? Optional.of(anyMembership(random, others)) : Optional.empty(),
                plain.recovery(),
                update,
                random.nextInt(4) == 0 ? Optional.of(anyFiles(random)) : Optional.empty());
    }

    private static UpdateRules anyRules(RandomGenerator random) {
        return new UpdateRules(
                any(random, UpdateRules.Strategy.values()),
                anyHook(random),
                anyHook(random),
                anyHook(random),
                List.of(0, 60, 600).get(random.nextInt(3)));
    }

    private static Optional<UpdateRules.Hook> anyHook(RandomGenerator random) {
        return random.nextBoolean()
                ? Optional.of(new UpdateRules.Hook(List.of("hook" + random.nextInt(2)), 5))
                : Optional.empty();
    }

    private static List<VolumeMount> anyVolumes(RandomGenerator random, boolean shared) {
        List<VolumeMount> volumes = new ArrayList<>();
        for (String name : List.of("data", "more")) {
            if (random.nextInt(3) == 0) {
                volumes.add(new VolumeMount(
                        name,
                        "/" + name,
                        Optional.of(new VolumeMount.Care(
                                shared || random.nextBoolean(), !shared && random.nextBoolean()))));
            }
        }
        return volumes;
    }

    private static Membership anyMembership(RandomGenerator random, Workload others) {
        List<Group> order = others.grouping().order();
        Optional<String> group = random.nextBoolean()
                ? Optional.of(order.get(random.nextInt(order.size())).name())
                : Optional.empty();
        return new Membership(
                group,
                random.nextInt(4) == 0 ? Optional.of(any(random, Goal.values())) : Optional.empty(),
                random.nextInt(4) == 0 ? Optional.of(1 + random.nextInt(600)) : Optional.empty(),
                random.nextInt(4) == 0 ? Optional.of(any(random, RestartScope.values())) : Optional.empty(),
                others.containers().keySet().stream()
                        .filter(_ -> random.nextInt(3) == 0)
                        .toList());
    }

    private static ConfigFiles anyFiles(RandomGenerator random) {
        return new ConfigFiles(List.of(new ConfigFile("/etc/app", 0400, image("file" + random.nextInt(2)), 5)));
    }

    private static <T> T any(RandomGenerator random, T[] values) {
        return values[random.nextInt(values.length)];
    }

    /** Nothing starts after what isn't in its group, or was drawn anew since, which might make a circle. */
    private static Map<String, Container> withoutLooseEnds(Map<String, Container> drawn, Optional<Groups> groups) {
        Groups grouping = groups.orElse(Groups.DEFAULT);
        Map<String, Container> tied = new TreeMap<>(drawn);
        tied.replaceAll((name, form) -> with(
                form,
                form.membership()
                        .map(m -> new Membership(
                                m.group(),
                                m.goal(),
                                m.goalSeconds(),
                                m.restart(),
                                m.after().stream()
                                        .filter(n -> n.compareTo(name) < 0)
                                        .filter(n -> Optional.ofNullable(drawn.get(n))
                                                .map(o -> Placement.of(o, grouping)
                                                        .group())
                                                .filter(Placement.of(form, grouping)
                                                        .group()::equals)
                                                .isPresent())
                                        .toList())),
                form.update()));
        return tied;
    }
}
