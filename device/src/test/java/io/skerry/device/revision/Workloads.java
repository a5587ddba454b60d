package io.skerry.device.revision;

import io.skerry.spec.Digest;
import io.skerry.spec.desired.Container;
import io.skerry.spec.desired.HealthCheck;
import io.skerry.spec.desired.Image;
import io.skerry.spec.desired.Limits;
import io.skerry.spec.desired.Membership;
import io.skerry.spec.desired.Recovery;
import io.skerry.spec.desired.RestartPolicy;
import io.skerry.spec.desired.ServiceVersion;
import io.skerry.spec.desired.UpdateRules;
import io.skerry.spec.desired.VolumeMount;
import io.skerry.spec.desired.Workload;
import java.nio.charset.StandardCharsets;
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
        return new Container(
                c.service(),
                c.image(),
                c.environment(),
                c.limits(),
                List.of(new VolumeMount("data", "/data", Optional.of(new VolumeMount.Care(false, true)))),
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

    static Workload any(RandomGenerator random) {
        Map<String, Container> containers = new TreeMap<>();
        int count = random.nextInt(6);
        for (int i = 0; i < count; i++) {
            String name = "c" + random.nextInt(6);
            Container container = container("s" + random.nextInt(3), 1 + random.nextInt(2));
            containers.put(
                    name,
                    switch (random.nextInt(6)) {
                        case 0 -> by(UpdateRules.Strategy.START_THEN_STOP, container);
                        case 1 -> keeping(container);
                        case 2 -> inGroup("data", container);
                        case 3 -> inGroup("root", keeping(container));
                        default -> container;
                    });
        }
        return Workload.of(containers);
    }
}
