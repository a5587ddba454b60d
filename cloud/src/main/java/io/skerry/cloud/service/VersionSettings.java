package io.skerry.cloud.service;

import io.avaje.jsonb.Json;
import io.avaje.jsonb.JsonType;
import io.skerry.spec.Required;
import io.skerry.spec.Wire;
import io.skerry.spec.desired.Container;
import io.skerry.spec.desired.Goal;
import io.skerry.spec.desired.Group;
import io.skerry.spec.desired.Groups;
import io.skerry.spec.desired.HealthCheck;
import io.skerry.spec.desired.Limits;
import io.skerry.spec.desired.Membership;
import io.skerry.spec.desired.Recovery;
import io.skerry.spec.desired.RestartPolicy;
import io.skerry.spec.desired.RestartScope;
import io.skerry.spec.desired.UpdateRules;
import io.skerry.spec.desired.VolumeMount;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Everything of a service's version but its images; the JSON in {@code service_versions.settings}.
 *
 * @param memoryMb mebibytes
 * @param cpuMillis thousandths of one processor; 0 is no limit
 * @param pids processes and threads
 * @param volumes what outlives the container
 * @param environment what the service adds to the image's own variables
 * @param health how to tell that it works; empty: the image's own way
 * @param restart what to do when it ends
 * @param stopSeconds how long it may take to end after its stop signal
 * @param probationSeconds how long a new version is watched before it is kept
 * @param membership its place among the others, in which {@code after} names services rather than containers; empty: the usual
 * @param recovery how it is started again; empty: the usual
 * @param update how it is replaced by its next version; empty: the usual
 */
@Json(naming = Json.Naming.LowerUnderscore)
public record VersionSettings(
        int memoryMb,
        int cpuMillis,
        int pids,
        List<VolumeMount> volumes,
        Map<String, String> environment,
        Optional<HealthCheck> health,
        RestartPolicy restart,
        int stopSeconds,
        int probationSeconds,
        Optional<Membership> membership,
        Optional<Recovery> recovery,
        Optional<UpdateRules> update) {
    /** What a service has that was imported without any settings. */
    public static final VersionSettings DEFAULT = new VersionSettings(
            (int) (Limits.DEFAULT.memoryBytes() >> 20),
            Limits.DEFAULT.cpuMillis(),
            Limits.DEFAULT.pids(),
            List.of(),
            Map.of(),
            Optional.empty(),
            RestartPolicy.ALWAYS,
            Container.DEFAULT_STOP_SECONDS,
            Container.DEFAULT_PROBATION_SECONDS,
            Optional.empty(),
            Optional.empty(),
            Optional.empty());

    /** As it stands in the database. */
    public static final JsonType<VersionSettings> JSON = Wire.lenient(VersionSettings.class);

    public VersionSettings {
        Required.field(volumes, "volumes");
        Required.field(environment, "environment");
        Required.field(health, "health");
        Required.field(restart, "restart");
        Required.field(membership, "membership");
        Required.field(recovery, "recovery");
        Required.field(update, "update");
        volumes = List.copyOf(volumes);
        environment = Collections.unmodifiableMap(new TreeMap<>(environment));
    }

    public Limits limits() {
        return new Limits((long) memoryMb << 20, cpuMillis, pids);
    }

    /** The services that must have reached their goals before this one is started. */
    public List<String> after() {
        return membership.map(Membership::after).orElse(List.of());
    }

    /** The group that counts. */
    public Group group() {
        return membership
                .flatMap(Membership::group)
                .flatMap(Groups.DEFAULT::named)
                .orElse(Groups.DEFAULT.last());
    }

    /** The goal that counts. */
    public Goal goal() {
        return membership.flatMap(Membership::goal).orElse(group().goal());
    }

    /** What an update costs, all counted. */
    public RestartScope updateScope() {
        return membership.flatMap(Membership::restart).orElse(group().restart());
    }
}
