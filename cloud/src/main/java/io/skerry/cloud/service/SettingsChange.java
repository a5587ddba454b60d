package io.skerry.cloud.service;

import io.skerry.spec.desired.HealthCheck;
import io.skerry.spec.desired.RestartPolicy;
import io.skerry.spec.desired.VolumeMount;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What an import says about a version's settings; what it leaves out is inherited from the version before.
 *
 * @param healthRemoved whether an inherited health check is taken away
 */
record SettingsChange(
        Optional<Integer> memoryMb,
        Optional<Integer> cpuMillis,
        Optional<Integer> pids,
        Optional<List<VolumeMount>> volumes,
        Optional<Map<String, String>> environment,
        Optional<HealthCheck> health,
        boolean healthRemoved,
        Optional<RestartPolicy> restart,
        Optional<Integer> stopSeconds,
        Optional<Integer> probationSeconds) {
    static final SettingsChange NONE = new SettingsChange(
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            false,
            Optional.empty(),
            Optional.empty(),
            Optional.empty());

    /** The settings of the version that follows one with these. */
    VersionSettings applyTo(VersionSettings before) {
        return new VersionSettings(
                memoryMb.orElse(before.memoryMb()),
                cpuMillis.orElse(before.cpuMillis()),
                pids.orElse(before.pids()),
                volumes.orElse(before.volumes()),
                environment.orElse(before.environment()),
                healthRemoved ? Optional.empty() : health.or(before::health),
                restart.orElse(before.restart()),
                stopSeconds.orElse(before.stopSeconds()),
                probationSeconds.orElse(before.probationSeconds()));
    }
}
