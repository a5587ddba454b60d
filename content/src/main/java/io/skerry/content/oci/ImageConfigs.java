package io.skerry.content.oci;

import io.skerry.content.json.JsonTree;
import io.skerry.spec.Digest;
import io.skerry.spec.ProblemException;
import io.skerry.spec.desired.HealthCheck;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads image configurations. */
public final class ImageConfigs {
    /** How large a configuration may be. */
    public static final int MOST_BYTES = 4 * 1024 * 1024;

    /** More layers than any runtime mounts. */
    private static final int MOST_LAYERS = 512;

    private static final long SECOND = 1_000_000_000L;
    private static final int LONGEST_SECONDS = 24 * 60 * 60;
    /** Docker's own, which hold where a HEALTHCHECK leaves something out. */
    private static final HealthCheck.Timing DOCKER_TIMING = new HealthCheck.Timing(30, 30, 0, 3);

    private ImageConfigs() {}

    /**
     * Reads an OCI or Docker image configuration.
     *
     * @throws ProblemException {@code image.config-malformed}
     */
    public static ImageConfig parse(byte[] bytes) {
        JsonTree tree = JsonTree.parse(bytes, "image.config-malformed", "The image's configuration");
        if (bytes.length > MOST_BYTES) {
            throw tree.wrong("it has more than " + MOST_BYTES + " bytes");
        }
        // An image without a config object is valid: it says nothing of how to run it.
        Optional<JsonTree> config = tree.field("config");
        return new ImageConfig(
                tree.required("os").asText(),
                tree.required("architecture").asText(),
                tree.text("variant"),
                config.map(c -> c.texts("Entrypoint")).orElse(List.of()),
                config.map(c -> c.texts("Cmd")).orElse(List.of()),
                config.map(ImageConfigs::environment).orElse(Map.of()),
                config.map(c -> c.text("User")).orElse(""),
                config.map(ImageConfigs::workingDirectory).orElse("/"),
                config.map(c -> c.text("StopSignal")).filter(s -> !s.isEmpty()).orElse("SIGTERM"),
                config.map(c -> c.names("ExposedPorts")).orElse(List.of()),
                config.map(ImageConfigs::volumes).orElse(List.of()),
                config.flatMap(c -> c.field("Healthcheck")).flatMap(ImageConfigs::health),
                diffIds(tree));
    }

    private static Map<String, String> environment(JsonTree config) {
        Map<String, String> environment = new LinkedHashMap<>();
        for (String variable : config.texts("Env")) {
            int equals = variable.indexOf('=');
            String name = equals < 0 ? variable : variable.substring(0, equals);
            if (name.isEmpty() || variable.indexOf('\0') >= 0) {
                throw config.wrong("'config.Env' has a variable without a name or with a NUL in it");
            }
            environment.put(name, equals < 0 ? "" : variable.substring(equals + 1));
        }
        return environment;
    }

    private static String workingDirectory(JsonTree config) {
        String directory = config.text("WorkingDir");
        if (directory.isEmpty()) {
            return "/";
        }
        if (directory.indexOf('\0') >= 0) {
            throw config.wrong("'config.WorkingDir' has a NUL in it");
        }
        // Some builders write it relative, and mean it from the root.
        return directory.startsWith("/") ? directory : "/" + directory;
    }

    private static List<String> volumes(JsonTree config) {
        List<String> volumes = config.names("Volumes");
        for (String volume : volumes) {
            if (volume.indexOf('\0') >= 0) {
                throw config.wrong("'config.Volumes' has a path with a NUL in it");
            }
        }
        return volumes.stream().map(v -> v.startsWith("/") ? v : "/" + v).toList();
    }

    /** Docker's form: {@code Test} is {@code ["NONE"]}, {@code ["CMD", …]} or {@code ["CMD-SHELL", line]}; times in ns. */
    private static Optional<HealthCheck.Exec> health(JsonTree check) {
        List<String> test = check.texts("Test");
        if (test.isEmpty() || test.getFirst().isEmpty() || test.getFirst().equals("NONE")) {
            return Optional.empty();
        }
        List<String> arguments = test.subList(1, test.size());
        List<String> command = switch (test.getFirst()) {
            case "CMD" -> arguments;
            case "CMD-SHELL" -> List.of("/bin/sh", "-c", String.join(" ", arguments));
            default -> throw check.wrong("'config.Healthcheck.Test' begins with neither NONE, CMD nor CMD-SHELL");
        };
        if (command.isEmpty() || arguments.isEmpty()) {
            throw check.wrong("'config.Healthcheck.Test' has no command");
        }
        HealthCheck.Timing timing = new HealthCheck.Timing(
                seconds(check, "Interval", DOCKER_TIMING.intervalSeconds()),
                seconds(check, "Timeout", DOCKER_TIMING.timeoutSeconds()),
                seconds(check, "StartPeriod", DOCKER_TIMING.startPeriodSeconds()),
                retries(check));
        return Optional.of(new HealthCheck.Exec(command, timing));
    }

    private static int seconds(JsonTree check, String name, int otherwise) {
        long nanoseconds = check.field(name).map(JsonTree::asWholeNumber).orElse(0L);
        if (nanoseconds < 0) {
            throw check.wrong("'config.Healthcheck." + name + "' is negative");
        }
        if (nanoseconds == 0) {
            return otherwise;
        }
        // Rounded up: a check every 100 ms is one every second here, not one without a pause.
        long seconds = nanoseconds / SECOND + (nanoseconds % SECOND == 0 ? 0 : 1);
        return (int) Math.min(LONGEST_SECONDS, seconds);
    }

    private static int retries(JsonTree check) {
        long retries = check.field("Retries").map(JsonTree::asWholeNumber).orElse(0L);
        if (retries < 0) {
            throw check.wrong("'config.Healthcheck.Retries' is negative");
        }
        return retries == 0 ? DOCKER_TIMING.retries() : (int) Math.min(1_000, retries);
    }

    private static List<Digest> diffIds(JsonTree tree) {
        JsonTree rootfs = tree.required("rootfs");
        List<Digest> diffIds = new ArrayList<>();
        for (String id : rootfs.texts("diff_ids")) {
            try {
                diffIds.add(new Digest(id));
            } catch (ProblemException e) {
                throw rootfs.wrong("'rootfs.diff_ids[" + diffIds.size() + "]' is not a SHA-256 digest");
            }
        }
        if (diffIds.size() > MOST_LAYERS) {
            throw rootfs.wrong("it has more than " + MOST_LAYERS + " layers");
        }
        return diffIds;
    }
}
