package io.skerry.cloud.service;

import io.skerry.spec.desired.Goal;
import io.skerry.spec.desired.HealthCheck;
import io.skerry.spec.desired.Membership;
import io.skerry.spec.desired.Recovery;
import io.skerry.spec.desired.RestartScope;
import io.skerry.spec.desired.UpdateRules;
import io.skerry.spec.desired.VolumeMount;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What the audit log tells of a version, by the names of the fleet API. Environment variables' values and commands may hold secrets: of
 * those it has names and kinds alone. What was never said of a version isn't in it.
 */
final class AuditedVersion {
    private AuditedVersion() {}

    static Map<String, Object> of(Version version, List<VersionImage> images, NetworkSettings networks) {
        Map<String, Object> digests = new TreeMap<>();
        images.forEach(i -> digests.put(i.architecture().word(), i.manifest().value()));
        Map<String, Object> told = settings(version.settings());
        told.put("container_version", version.number());
        told.put("container_image", version.containerImage());
        told.put("images", digests);
        told.put("network", networks.told());
        return told;
    }

    private static Map<String, Object> settings(VersionSettings settings) {
        Map<String, Object> told = new TreeMap<>();
        told.put("memory_limit_mb", settings.memoryMb());
        told.put("cpu_limit_millis", settings.cpuMillis());
        told.put("pids_limit", settings.pids());
        told.put(
                "volumes",
                settings.volumes().stream().map(AuditedVersion::volume).toList());
        told.put("environment", List.copyOf(settings.environment().keySet()));
        settings.health().ifPresent(check -> told.put("health", kind(check)));
        told.put("restart", settings.restart().word());
        told.put("stop_seconds", settings.stopSeconds());
        told.put("probation_seconds", settings.probationSeconds());
        Optional<Membership> membership = settings.membership();
        membership.flatMap(Membership::group).ifPresent(group -> told.put("group", group));
        membership.flatMap(Membership::goal).map(Goal::word).ifPresent(goal -> told.put("status_goal", goal));
        membership.flatMap(Membership::goalSeconds).ifPresent(seconds -> told.put("goal_seconds", seconds));
        membership
                .flatMap(Membership::restart)
                .map(RestartScope::word)
                .ifPresent(scope -> told.put("update_scope", scope));
        if (!settings.after().isEmpty()) {
            told.put("after", settings.after());
        }
        settings.recovery().ifPresent(recovery -> told.put("recovery", recovery(recovery)));
        settings.update().ifPresent(update -> told.put("update", update(update)));
        return told;
    }

    private static Map<String, Object> volume(VolumeMount volume) {
        return Map.of(
                "source", volume.source(),
                "target", volume.target(),
                "shareable", volume.shareable(),
                "snapshot", volume.snapshot());
    }

    private static String kind(HealthCheck check) {
        return switch (check) {
            case HealthCheck.Exec exec -> "exec";
            case HealthCheck.Http http -> "http";
            case HealthCheck.Tcp tcp -> "tcp";
        };
    }

    private static Map<String, Object> recovery(Recovery recovery) {
        return Map.of(
                "max_retries", recovery.maxRetries(),
                "retry_delay_seconds", recovery.retryDelaySeconds(),
                "backoff_factor", recovery.backoffFactor(),
                "most_delay_seconds", recovery.mostDelaySeconds(),
                "stable_seconds", recovery.stableSeconds(),
                "exhausted", recovery.exhausted().word(),
                "pause_seconds", recovery.pauseSeconds());
    }

    private static Map<String, Object> update(UpdateRules rules) {
        Map<String, Object> told = new LinkedHashMap<>();
        told.put("strategy", rules.strategy().word());
        told.put("lock_seconds", rules.lockSeconds());
        rules.preUpdate().ifPresent(hook -> told.put("pre_update_timeout_seconds", hook.timeoutSeconds()));
        rules.postUpdate().ifPresent(hook -> told.put("post_update_timeout_seconds", hook.timeoutSeconds()));
        rules.handOver().ifPresent(hook -> told.put("hand_over_timeout_seconds", hook.timeoutSeconds()));
        return told;
    }
}
