package io.skerry.device.revision;

import io.skerry.spec.Digest;
import io.skerry.spec.desired.Container;
import io.skerry.spec.desired.HealthCheck;
import io.skerry.spec.desired.Image;
import io.skerry.spec.desired.Limits;
import io.skerry.spec.desired.RestartPolicy;
import io.skerry.spec.desired.ServiceVersion;
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

    static Workload any(RandomGenerator random) {
        Map<String, Container> containers = new TreeMap<>();
        int count = random.nextInt(6);
        for (int i = 0; i < count; i++) {
            containers.put("c" + random.nextInt(6), container("s" + random.nextInt(3), 1 + random.nextInt(2)));
        }
        return Workload.of(containers);
    }
}
