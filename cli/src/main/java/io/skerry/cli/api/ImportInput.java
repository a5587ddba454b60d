package io.skerry.cli.api;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is to be imported; what is left out, a further version inherits.
 *
 * @param importId a UUID of our choice under which the import can be watched
 */
public record ImportInput(
        String customerId,
        String importId,
        String serviceName,
        List<Source> sources,
        Optional<Credentials> credentials,
        Settings settings) {

    /** An image for one architecture. */
    public record Source(String arch, String reference) {}

    /** For the source registry; the password is a secret. */
    public record Credentials(String user, String password) {
        @Override
        public String toString() {
            return "Credentials[user=" + user + "]";
        }
    }

    /**
     * How the version is to run.
     *
     * @param without names of the API's fields whose inherited values are taken away
     */
    public record Settings(
            Optional<Integer> memoryMb,
            Optional<Integer> cpuMillis,
            Optional<Integer> pids,
            List<Volume> volumes,
            List<Variable> environment,
            Optional<Health> health,
            Optional<String> restart,
            Optional<Integer> stopSeconds,
            Optional<Integer> probationSeconds,
            Lifecycle lifecycle,
            List<String> without) {}

    /** A health check; what of the timing is left out, the cloud fills in. */
    public record Health(
            Check check,
            Optional<Integer> intervalSeconds,
            Optional<Integer> timeoutSeconds,
            Optional<Integer> startPeriodSeconds,
            Optional<Integer> retries) {}

    /** How health is asked for. */
    public sealed interface Check {
        /** A command in the container. */
        record Exec(List<String> command) implements Check {}

        /** A GET to the container. */
        record Http(int port, String path) implements Check {}

        /** A connection to the container. */
        record Tcp(int port) implements Check {}
    }

    Map<String, Object> variables() {
        Map<String, Object> input = new HashMap<>();
        input.put("customer_id", customerId);
        input.put("import_id", importId);
        input.put("node_service_input", Map.of("name", serviceName));
        if (!sources.isEmpty()) {
            input.put("image_sources", sources.stream().map(this::source).toList());
        }
        Map<String, @Nullable Object> metadata = metadata(settings);
        if (!metadata.isEmpty()) {
            input.put("metadata", metadata);
        }
        return input;
    }

    private Map<String, Object> source(Source source) {
        Map<String, Object> map = new HashMap<>();
        map.put("arch", source.arch());
        map.put("image_reference", source.reference());
        credentials.ifPresent(c -> map.put("authn", Map.of("registry_user", c.user(), "registry_pw", c.password())));
        return map;
    }

    private static Map<String, @Nullable Object> metadata(Settings settings) {
        Map<String, @Nullable Object> map = new HashMap<>();
        settings.memoryMb().ifPresent(v -> map.put("memory_limit_mb", v));
        settings.cpuMillis().ifPresent(v -> map.put("cpu_limit_millis", v));
        settings.pids().ifPresent(v -> map.put("pids_limit", v));
        if (!settings.volumes().isEmpty()) {
            map.put(
                    "volumes",
                    settings.volumes().stream().map(ImportInput::volume).toList());
        }
        if (!settings.environment().isEmpty()) {
            map.put(
                    "environment",
                    settings.environment().stream()
                            .map(v -> Map.of("name", v.name(), "value", v.value()))
                            .toList());
        }
        settings.health().ifPresent(h -> map.put("health", health(h)));
        settings.restart().ifPresent(v -> map.put("restart", v));
        settings.stopSeconds().ifPresent(v -> map.put("stop_seconds", v));
        settings.probationSeconds().ifPresent(v -> map.put("probation_seconds", v));
        settings.lifecycle().addTo(map);
        settings.without().forEach(field -> map.put(field, null));
        return map;
    }

    private static Map<String, Object> volume(Volume volume) {
        Map<String, Object> map = new HashMap<>();
        map.put("source", volume.source());
        map.put("target", volume.target());
        if (volume.shareable()) {
            map.put("shareable", true);
        }
        if (volume.snapshot()) {
            map.put("snapshot", true);
        }
        return map;
    }

    private static Map<String, Object> health(Health health) {
        Map<String, Object> map = new HashMap<>();
        switch (health.check()) {
            case Check.Exec exec -> map.put("exec", exec.command());
            case Check.Http http -> map.put("http", Map.of("port", http.port(), "path", http.path()));
            case Check.Tcp tcp -> map.put("tcp", Map.of("port", tcp.port()));
        }
        health.intervalSeconds().ifPresent(v -> map.put("interval_seconds", v));
        health.timeoutSeconds().ifPresent(v -> map.put("timeout_seconds", v));
        health.startPeriodSeconds().ifPresent(v -> map.put("start_period_seconds", v));
        health.retries().ifPresent(v -> map.put("retries", v));
        return map;
    }
}
