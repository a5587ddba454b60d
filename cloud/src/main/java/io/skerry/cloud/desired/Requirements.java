package io.skerry.cloud.desired;

import io.skerry.cloud.service.NetworkConfig;
import io.skerry.cloud.service.VersionSettings;
import io.skerry.spec.Problem;
import io.skerry.spec.desired.ConfigFile;
import io.skerry.spec.desired.ConfigFiles;
import io.skerry.spec.desired.ConfigPaths;
import io.skerry.spec.desired.Goal;
import io.skerry.spec.desired.HealthCheck;
import io.skerry.spec.desired.Membership;
import io.skerry.spec.desired.RestartPolicy;
import io.skerry.spec.desired.VolumeMount;
import io.skerry.spec.network.NetworkMode;
import io.skerry.spec.status.Capabilities;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a version's settings ask of a device, by the names of {@link Capabilities#features()}. */
public final class Requirements {
    private Requirements() {}

    /** What stands against these settings on such a device; nothing when it can do them all. */
    public static Optional<Problem> unmet(VersionSettings settings, Capabilities capabilities) {
        return of(settings).stream()
                .filter(r -> !capabilities.features().contains(r.feature))
                .findFirst()
                .map(r -> new Problem(
                        "capability.unsupported",
                        "The device can't honour " + r.field + ": it doesn't report the capability '" + r.feature
                                + "'.",
                        "Update the device's daemon, or import a version without " + r.field + "."));
    }

    /** What stands against these networks on such a device, by its network modes. */
    public static Optional<Problem> unmet(NetworkConfig network, Capabilities capabilities) {
        return unmet("wan_configure_network", network.wan(), capabilities)
                .or(() -> unmet("lan_configure_network", network.lan(), capabilities))
                .or(() -> Optional.of(network)
                        .filter(n -> !n.interfaces().isEmpty()
                                && !capabilities.features().contains("access-interfaces"))
                        .map(n -> refused("access_interfaces", "access-interfaces")));
    }

    private static Optional<Problem> unmet(String field, NetworkMode mode, Capabilities capabilities) {
        return mode == NetworkMode.DISABLED || capabilities.networkModes().contains(mode.word())
                ? Optional.empty()
                : Optional.of(refused(field + ": " + mode.word(), "network " + mode.word()));
    }

    private static Problem refused(String field, String ability) {
        return new Problem(
                "capability.unsupported",
                "The device can't honour node_service_input.network_config." + field
                        + ": it doesn't report the capability '" + ability + "'.",
                "Update the device's daemon, or take a service without it.");
    }

    /** What stands against such files on such a device. */
    static Optional<Problem> unmet(ConfigFiles config, Capabilities capabilities) {
        return config.files().isEmpty() || capabilities.features().contains("config-files")
                ? Optional.empty()
                : Optional.of(new Problem(
                        "capability.unsupported",
                        "The device can't honour the instance's configuration files: it doesn't report the capability"
                                + " 'config-files'.",
                        "Update the device's daemon, or remove the files."));
    }

    /** What stands against such files with these settings' volumes on any device. */
    static Optional<Problem> clash(ConfigFiles config, VersionSettings settings) {
        return ConfigPaths.clash(
                        config.files().stream().map(ConfigFile::path).toList(),
                        settings.volumes().stream().map(VolumeMount::target).toList())
                .map(why -> new Problem(
                        "config.clash",
                        "The instance can't have its configuration files: " + why + ".",
                        "Set the file at another path, or import a version with other volumes."));
    }

    private static List<Requirement> of(VersionSettings settings) {
        var all = new ArrayList<Requirement>();
        if (!settings.volumes().isEmpty()) {
            all.add(new Requirement("volumes", "metadata.volumes"));
        }
        settings.health()
                .ifPresent(check -> all.add(
                        switch (check) {
                            case HealthCheck.Exec e -> new Requirement("health-exec", "metadata.health.exec");
                            case HealthCheck.Http h -> new Requirement("health-http", "metadata.health.http");
                            case HealthCheck.Tcp t -> new Requirement("health-tcp", "metadata.health.tcp");
                        }));
        lifecycle(settings, all);
        return all;
    }

    private static void lifecycle(VersionSettings settings, List<Requirement> all) {
        settings.membership().ifPresent(place -> all.add(new Requirement("groups", field(place))));
        if (settings.goal() == Goal.READY && settings.health().isEmpty()) {
            all.add(new Requirement("ready-word", "metadata.status_goal"));
        }
        if (settings.membership().flatMap(Membership::goalSeconds).isPresent()) {
            all.add(new Requirement("goal-seconds", "metadata.goal_seconds"));
        }
        if (settings.recovery().isPresent()) {
            all.add(new Requirement("recovery", "metadata.recovery"));
        }
        if (settings.restart() == RestartPolicy.UNLESS_STOPPED) {
            all.add(new Requirement("recovery", "metadata.restart unless_stopped"));
        }
        if (settings.update().isPresent()) {
            all.add(new Requirement("update-rules", "metadata.update"));
        }
        if (settings.volumes().stream().anyMatch(v -> v.care().isPresent())) {
            all.add(new Requirement("volume-care", "shareable or snapshot of metadata.volumes"));
        }
    }

    private static String field(Membership place) {
        if (place.group().isPresent()) {
            return "metadata.group";
        }
        if (place.goal().isPresent()) {
            return "metadata.status_goal";
        }
        if (place.goalSeconds().isPresent()) {
            return "metadata.goal_seconds";
        }
        return place.restart().isPresent() ? "metadata.update_scope" : "metadata.after";
    }

    private record Requirement(String feature, String field) {}
}
