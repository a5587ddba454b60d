package io.skerry.cloud.service;

import io.skerry.spec.desired.HealthCheck;
import io.skerry.spec.desired.Recovery;
import io.skerry.spec.desired.RestartPolicy;
import io.skerry.spec.desired.UpdateRules;
import io.skerry.spec.desired.VolumeMount;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What an import says about a version's settings; what it leaves out is inherited from the version before. */
record SettingsChange(
        Optional<Integer> memoryMb,
        Optional<Integer> cpuMillis,
        Optional<Integer> pids,
        Optional<List<VolumeMount>> volumes,
        Optional<Map<String, String>> environment,
        Change<HealthCheck> health,
        Optional<RestartPolicy> restart,
        Optional<Integer> stopSeconds,
        Optional<Integer> probationSeconds,
        MembershipChange membership,
        Change<Recovery> recovery,
        Change<UpdateRules> update) {
    static final SettingsChange NONE = new SettingsChange(
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Change.none(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            MembershipChange.NONE,
            Change.none(),
            Change.none());

    /** The settings of the version that follows one with these. */
    VersionSettings applyTo(VersionSettings before) {
        // What equals the usual is left out, so that it asks no ability of a device.
        return new VersionSettings(
                memoryMb.orElse(before.memoryMb()),
                cpuMillis.orElse(before.cpuMillis()),
                pids.orElse(before.pids()),
                volumes.orElse(before.volumes()),
                environment.orElse(before.environment()),
                health.over(before.health()),
                restart.orElse(before.restart()),
                stopSeconds.orElse(before.stopSeconds()),
                probationSeconds.orElse(before.probationSeconds()),
                membership.over(before.membership()),
                recovery.over(before.recovery()).filter(r -> !r.equals(Recovery.DEFAULT)),
                update.over(before.update()).filter(u -> !u.equals(UpdateRules.DEFAULT)));
    }
}
