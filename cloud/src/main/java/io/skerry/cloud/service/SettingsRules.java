package io.skerry.cloud.service;

import io.skerry.spec.Problem;
import io.skerry.spec.desired.Goal;
import io.skerry.spec.desired.RestartScope;
import io.skerry.spec.desired.UpdateRules;
import io.skerry.spec.desired.UpdateRules.Strategy;
import io.skerry.spec.desired.VolumeMount;
import java.util.Optional;

/** What settings must keep to among each other, also those that are inherited. */
final class SettingsRules {
    private static final String CODE = "input.contradiction";

    private SettingsRules() {}

    /** @throws io.skerry.spec.ProblemException {@code input.contradiction}, naming both fields */
    static void check(VersionSettings settings) {
        UpdateRules update = settings.update().orElse(UpdateRules.DEFAULT);
        if (update.strategy().overlaps()) {
            checkOverlap(settings, update.strategy());
        }
        if (settings.goal() == Goal.MOUNTED) {
            asksProgram(settings, update).ifPresent(field -> {
                throw new Problem(
                                CODE,
                                field + " asks something of a program that isn't started: the status goal is MOUNTED"
                                        + (settings.membership()
                                                        .flatMap(m -> m.goal())
                                                        .isPresent()
                                                ? "."
                                                : ", as it is of group '"
                                                        + settings.group().name() + "'."),
                                "Set metadata.status_goal to STARTED or READY, or " + field + " to null.")
                        .asException();
            });
        }
    }

    private static void checkOverlap(VersionSettings settings, Strategy strategy) {
        for (int i = 0; i < settings.volumes().size(); i++) {
            VolumeMount volume = settings.volumes().get(i);
            if (!volume.shareable()) {
                throw new Problem(
                                CODE,
                                "metadata.volumes[" + i + "] ('" + volume.source()
                                        + "') isn't shareable, and metadata.update.strategy " + strategy.word()
                                        + " has the old and the new container write to it at once.",
                                "Give it shareable: true if they may, or take strategy stop_then_start.")
                        .asException();
            }
        }
        if (settings.updateScope() == RestartScope.SYSTEM) {
            throw new Problem(
                            CODE,
                            "metadata.update.strategy " + strategy.word() + " can't be followed, because an update"
                                    + " reboots the device: the update scope is system"
                                    + (settings.membership()
                                                    .flatMap(m -> m.restart())
                                                    .isPresent()
                                            ? "."
                                            : ", as it is of group '"
                                                    + settings.group().name() + "'."),
                            "Set metadata.update_scope to container, or take strategy stop_then_start.")
                    .asException();
        }
    }

    /** The first field that is about a running program. */
    private static Optional<String> asksProgram(VersionSettings settings, UpdateRules update) {
        if (settings.health().isPresent()) {
            return Optional.of("metadata.health");
        }
        boolean hooks = update.preUpdate().isPresent()
                || update.postUpdate().isPresent()
                || update.handOver().isPresent();
        return hooks ? Optional.of("metadata.update") : Optional.empty();
    }
}
