package io.skerry.device.revision;

import io.skerry.spec.Names;
import io.skerry.spec.Problem;
import io.skerry.spec.ProblemException;
import io.skerry.spec.Text;
import io.skerry.spec.desired.ConfigFile;
import io.skerry.spec.desired.ConfigFiles;
import io.skerry.spec.desired.ConfigPaths;
import io.skerry.spec.desired.Container;
import io.skerry.spec.desired.HealthCheck;
import io.skerry.spec.desired.Recovery;
import io.skerry.spec.desired.UpdateRules;
import io.skerry.spec.desired.VolumeMount;
import io.skerry.spec.desired.Workload;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What a workload must keep to whatever door it came by: its names become file names, host names and cgroup names here.
 */
public final class WorkloadRules {
    static final int MOST_CONTAINERS = 256;

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]{0,62}");

    private WorkloadRules() {}

    /** @throws ProblemException {@code workload.…} or {@code name.malformed}, naming the container */
    public static void check(Workload workload) {
        if (workload.containers().size() > MOST_CONTAINERS) {
            throw new Problem(
                            "workload.too-many",
                            "The workload has " + workload.containers().size() + " containers, a device runs at most "
                                    + MOST_CONTAINERS + ".")
                    .asException();
        }
        workload.containers().forEach(WorkloadRules::check);
        workload.groups().ifPresent(GroupRules::check);
        workload.containers().forEach((name, container) -> GroupRules.check(name, container, workload));
    }

    private static void check(String name, Container container) {
        Names.checked("A container", name);
        for (VolumeMount volume : container.volumes()) {
            if (!NAME.matcher(volume.source()).matches()) {
                throw wrong(name, "'" + Text.shortened(volume.source(), 60) + "' can't be a volume's name");
            }
            if (!volume.target().startsWith("/") || (volume.target() + "/").contains("/../")) {
                throw wrong(
                        name,
                        "a volume can't be mounted at '" + Text.shortened(volume.target(), 60)
                                + "': use an absolute path without ..");
            }
        }
        if (container.limits().memoryBytes() < 0) {
            throw wrong(name, "its memory limit is negative");
        }
        within(name, "stop_seconds", container.stopSeconds(), 0, Container.MOST_STOP_SECONDS);
        within(name, "probation_seconds", container.probationSeconds(), 0, Container.MOST_PROBATION_SECONDS);
        container.health().map(HealthCheck::timing).ifPresent(timing -> check(name, timing));
        container.recovery().ifPresent(recovery -> check(name, recovery));
        container.update().ifPresent(update -> check(name, update, container.volumes()));
        container.config().ifPresent(config -> check(name, config, container.volumes()));
    }

    private static void check(String name, ConfigFiles config, List<VolumeMount> volumes) {
        if (config.files().size() > ConfigFiles.MOST) {
            throw wrong(name, "it has more than " + ConfigFiles.MOST + " configuration files");
        }
        Set<String> paths = new HashSet<>();
        for (ConfigFile file : config.files()) {
            within(name, "a configuration file's size", file.size(), 0, ConfigFile.LARGEST);
            within(name, "a configuration file's mode", file.mode(), 0, ConfigFile.MOST_MODE);
            ConfigPaths.fault(file.path()).ifPresent(why -> {
                throw wrong(name, "it can't have a file at '" + Text.shortened(file.path(), 60) + "', which " + why);
            });
            if (!paths.add(file.path())) {
                throw wrong(name, "it has two files at '" + Text.shortened(file.path(), 60) + "'");
            }
        }
        ConfigPaths.clash(paths, volumes.stream().map(VolumeMount::target).toList())
                .ifPresent(why -> {
                    throw wrong(name, why);
                });
    }

    private static void check(String name, Recovery recovery) {
        within(name, "max_retries", recovery.maxRetries(), 0, Recovery.MOST_RETRIES);
        within(name, "retry_delay_seconds", recovery.retryDelaySeconds(), 0, Recovery.MOST_SECONDS);
        within(name, "most_delay_seconds", recovery.mostDelaySeconds(), 1, Recovery.MOST_SECONDS);
        within(name, "stable_seconds", recovery.stableSeconds(), 1, Recovery.MOST_SECONDS);
        within(name, "pause_seconds", recovery.pauseSeconds(), 0, Recovery.MOST_SECONDS);
        if (!(recovery.backoffFactor() >= 1 && recovery.backoffFactor() <= 10)) {
            throw wrong(name, "backoff_factor is " + recovery.backoffFactor() + ", it can be 1 to 10");
        }
    }

    private static void check(String name, UpdateRules update, List<VolumeMount> volumes) {
        within(name, "lock_seconds", update.lockSeconds(), 0, UpdateRules.MOST_LOCK_SECONDS);
        Stream.of(update.preUpdate(), update.postUpdate(), update.handOver())
                .flatMap(Optional::stream)
                .forEach(hook -> {
                    within(name, "timeout_seconds", hook.timeoutSeconds(), 1, UpdateRules.Hook.MOST_TIMEOUT_SECONDS);
                    if (hook.command().isEmpty()) {
                        throw wrong(name, "a hook has no command");
                    }
                });
        for (VolumeMount volume : volumes) {
            if (update.strategy().overlaps() && (!volume.shareable() || volume.snapshot())) {
                throw wrong(
                        name,
                        "by " + update.strategy().word() + " two of it would write to volume '" + volume.source()
                                + "' at once"
                                + (volume.snapshot()
                                        ? ", of which no snapshot between them can be taken"
                                        : ", which isn't declared shareable"));
            }
        }
    }

    private static void check(String name, HealthCheck.Timing timing) {
        within(name, "interval_seconds", timing.intervalSeconds(), 1, HealthCheck.Timing.MOST_SECONDS);
        within(name, "timeout_seconds", timing.timeoutSeconds(), 1, HealthCheck.Timing.MOST_SECONDS);
        within(
                name,
                "start_period_seconds",
                timing.startPeriodSeconds(),
                0,
                HealthCheck.Timing.MOST_START_PERIOD_SECONDS);
        within(name, "retries", timing.retries(), 1, HealthCheck.Timing.MOST_RETRIES);
    }

    static void within(String name, String what, int value, int least, int most) {
        if (value < least || value > most) {
            throw wrong(name, what + " is " + value + ", it can be " + least + " to " + most);
        }
    }

    static ProblemException wrong(String container, String why) {
        return new Problem(
                        "workload.malformed",
                        "Container '" + Text.shortened(container, 70) + "' can't be run: " + why + ".")
                .asException();
    }
}
