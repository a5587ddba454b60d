package io.skerry.spec.status;

import io.avaje.jsonb.Json;
import io.avaje.jsonb.JsonType;
import io.skerry.spec.Problem;
import io.skerry.spec.Required;
import io.skerry.spec.Wire;
import io.skerry.spec.desired.Position;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * All that a device says of itself.
 *
 * @param daemonVersion of the device daemon
 * @param at the device's own clock, milliseconds since 1970; may be wrong
 * @param capabilities what the device can do
 * @param accepted the newest desired state that it verified and took
 * @param revision where its workload stands
 * @param containers each that it has or is about to have
 * @param resources what the machine has and has left
 * @param bytes what went over the link since the daemon's first start, by purpose: content, state, status, remote
 * @param problems what is wrong with the device itself rather than with one container
 */
@Json(naming = Json.Naming.LowerUnderscore)
public record DeviceStatus(
        String daemonVersion,
        long at,
        Capabilities capabilities,
        Position accepted,
        RevisionStatus revision,
        List<ContainerStatus> containers,
        Resources resources,
        Map<String, Traffic> bytes,
        List<Problem> problems) {
    public static final JsonType<DeviceStatus> JSON = Wire.lenient(DeviceStatus.class);

    public DeviceStatus {
        Required.field(daemonVersion, "daemon_version");
        Required.field(capabilities, "capabilities");
        Required.field(accepted, "accepted");
        Required.field(revision, "revision");
        Required.field(containers, "containers");
        Required.field(resources, "resources");
        Required.field(bytes, "bytes");
        Required.field(problems, "problems");
        containers = List.copyOf(containers);
        bytes = Collections.unmodifiableMap(new TreeMap<>(bytes));
        problems = List.copyOf(problems);
    }

    /** Bytes received and sent, TLS not counted. */
    @Json
    public record Traffic(long received, long sent) {}

    /**
     * What the machine has and has left.
     *
     * @param memoryTotal bytes
     * @param memoryAvailable bytes
     * @param diskTotal bytes of the file system that holds the data folder
     * @param diskFree bytes of it that the daemon may still use
     */
    @Json(naming = Json.Naming.LowerUnderscore)
    public record Resources(long memoryTotal, long memoryAvailable, long diskTotal, long diskFree) {}
}
