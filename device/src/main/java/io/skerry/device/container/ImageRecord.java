package io.skerry.device.container;

import io.avaje.jsonb.Json;
import io.skerry.content.oci.ImageConfig;
import io.skerry.spec.Digest;
import io.skerry.spec.Required;
import io.skerry.spec.desired.HealthCheck;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** An {@link ImageConfig} as it is kept on the disk; digests as they are written. */
@Json(naming = Json.Naming.LowerUnderscore)
record ImageRecord(
        String os,
        String architecture,
        String variant,
        List<String> entrypoint,
        List<String> command,
        Map<String, String> environment,
        String user,
        String workingDirectory,
        String stopSignal,
        List<String> exposedPorts,
        List<String> volumes,
        Optional<HealthCheck> health,
        List<String> diffIds) {
    ImageRecord {
        Required.field(entrypoint, "entrypoint");
        Required.field(command, "command");
        Required.field(environment, "environment");
        Required.field(user, "user");
        Required.field(workingDirectory, "working_directory");
        Required.field(stopSignal, "stop_signal");
        Required.field(health, "health");
        Required.field(diffIds, "diff_ids");
    }

    static ImageRecord of(ImageConfig c) {
        return new ImageRecord(
                c.os(),
                c.architecture(),
                c.variant(),
                c.entrypoint(),
                c.command(),
                c.environment(),
                c.user(),
                c.workingDirectory(),
                c.stopSignal(),
                c.exposedPorts(),
                c.volumes(),
                c.health().map(check -> check),
                c.diffIds().stream().map(Digest::value).toList());
    }

    ImageConfig config() {
        return new ImageConfig(
                os,
                architecture,
                variant,
                entrypoint,
                command,
                environment,
                user,
                workingDirectory,
                stopSignal,
                exposedPorts,
                volumes,
                health.filter(HealthCheck.Exec.class::isInstance).map(HealthCheck.Exec.class::cast),
                diffIds.stream().map(Digest::new).toList());
    }
}
