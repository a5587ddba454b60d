package io.skerry.cloud.node;

import io.skerry.spec.Digest;
import io.skerry.spec.desired.Position;
import io.skerry.spec.desired.ServiceVersion;
import io.skerry.spec.status.Capabilities;
import io.skerry.spec.status.ContainerStatus;
import io.skerry.spec.status.DeviceStatus;
import io.skerry.spec.status.RevisionStatus;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What devices say of themselves, as far as it matters to tests. */
public final class DeviceStatuses {
    private DeviceStatuses() {}

    public static DeviceStatus of(Capabilities capabilities, RevisionStatus revision, ContainerStatus... containers) {
        return new DeviceStatus(
                "0.1.0",
                1,
                capabilities,
                new Position(1, 1),
                revision,
                List.of(containers),
                new DeviceStatus.Resources(1, 1, 1, 1),
                Map.of(),
                List.of());
    }

    /** Of a device that is at nothing. */
    public static DeviceStatus idle(Capabilities capabilities, ContainerStatus... containers) {
        return of(
                capabilities,
                new RevisionStatus(
                        1,
                        Optional.empty(),
                        RevisionStatus.Phase.IDLE,
                        Optional.empty(),
                        List.of(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty()),
                containers);
    }

    /** A container that works. */
    public static ContainerStatus running(String name, ServiceVersion service, Digest manifest) {
        return new ContainerStatus(
                name,
                service,
                manifest,
                ContainerStatus.State.RUNNING,
                ContainerStatus.Health.HEALTHY,
                1,
                0,
                Optional.empty(),
                "");
    }
}
