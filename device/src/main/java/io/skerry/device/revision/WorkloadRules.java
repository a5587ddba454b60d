package io.skerry.device.revision;

import io.skerry.spec.Names;
import io.skerry.spec.Problem;
import io.skerry.spec.ProblemException;
import io.skerry.spec.Text;
import io.skerry.spec.desired.Container;
import io.skerry.spec.desired.HealthCheck;
import io.skerry.spec.desired.VolumeMount;
import io.skerry.spec.desired.Workload;
import java.util.regex.Pattern;

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

    private static void within(String name, String what, int value, int least, int most) {
        if (value < least || value > most) {
            throw wrong(name, what + " is " + value + ", it can be " + least + " to " + most);
        }
    }

    private static ProblemException wrong(String container, String why) {
        return new Problem(
                        "workload.malformed",
                        "Container '" + Text.shortened(container, 70) + "' can't be run: " + why + ".")
                .asException();
    }
}
