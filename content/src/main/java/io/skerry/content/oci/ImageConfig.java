package io.skerry.content.oci;

import io.skerry.spec.Digest;
import io.skerry.spec.desired.HealthCheck;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What an image says of itself and of how to run it (OCI image specification, "Image Configuration", with Docker's
 * {@code Healthcheck}).
 *
 * @param os for example {@code linux}
 * @param architecture as OCI writes it
 * @param variant as OCI writes it; may be empty
 * @param entrypoint may be empty
 * @param command arguments of the entrypoint, or all of the command line when there is no entrypoint; may be empty
 * @param environment variables with their values
 * @param user {@code user}, {@code uid}, {@code user:group}, …; empty for root
 * @param workingDirectory an absolute path; {@code /} when the image says none
 * @param stopSignal a name or number such as {@code SIGTERM}
 * @param exposedPorts as written: {@code 80/tcp}
 * @param volumes absolute paths that the image declares as volumes
 * @param health the image's own HEALTHCHECK as a check, unless it has none or it is {@code NONE}
 * @param diffIds digests of the uncompressed layers, lowest first
 */
public record ImageConfig(
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
        Optional<HealthCheck.Exec> health,
        List<Digest> diffIds) {
    public ImageConfig {
        entrypoint = List.copyOf(entrypoint);
        command = List.copyOf(command);
        environment = Map.copyOf(environment);
        exposedPorts = List.copyOf(exposedPorts);
        volumes = List.copyOf(volumes);
        diffIds = List.copyOf(diffIds);
    }
}
