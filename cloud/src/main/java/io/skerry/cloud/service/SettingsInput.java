package io.skerry.cloud.service;

import io.skerry.spec.Names;
import io.skerry.spec.Problem;
import io.skerry.spec.Text;
import io.skerry.spec.desired.Container;
import io.skerry.spec.desired.HealthCheck;
import io.skerry.spec.desired.RestartPolicy;
import io.skerry.spec.desired.VolumeMount;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Reads {@code metadata} of an import; every refusal names the field and what would be right. */
final class SettingsInput {
    private static final int MOST_VOLUMES = 64;
    private static final int MOST_VARIABLES = 256;
    private static final int LONGEST_VALUE = 32 << 10;
    private static final int LARGEST_ENVIRONMENT = 128 << 10;
    private static final int LONGEST_PATH = 1024;
    /** So that every shell can source it. */
    private static final Pattern VARIABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,127}");

    private static final Pattern PATH = Pattern.compile("(?:/[^/\\p{Cntrl}]+)+");
    private static final Pattern URL_PATH = Pattern.compile("/[\\x21-\\x7e]*");
    /** What the device mounts itself. */
    private static final List<String> TAKEN = List.of("/proc", "/sys", "/dev", "/run", "/host");

    /** The runtime's own threads count until the program is begun: with fewer, some starts fail. */
    private static final int LEAST_PIDS = 16;

    private SettingsInput() {}

    static SettingsChange parse(Input metadata) {
        return new SettingsChange(
                metadata.whole("memory_limit_mb", 6, 1 << 20, "megabytes"),
                metadata.whole("cpu_limit_millis", 0, 1 << 20, "thousandths of a processor (0 is no limit)"),
                metadata.whole("pids_limit", LEAST_PIDS, 1 << 22, "a number of processes"),
                metadata.objects("volumes", MOST_VOLUMES).map(SettingsInput::volumes),
                metadata.objects("environment", MOST_VARIABLES).map(SettingsInput::environment),
                Change.of(metadata, "health", metadata.object("health").map(SettingsInput::health)),
                metadata.word("restart").flatMap(RestartPolicy::of),
                metadata.whole("stop_seconds", 0, Container.MOST_STOP_SECONDS, "seconds"),
                metadata.whole("probation_seconds", 0, Container.MOST_PROBATION_SECONDS, "seconds"),
                LifecycleInput.membership(metadata),
                Change.of(metadata, "recovery", metadata.object("recovery").map(LifecycleInput::recovery)),
                Change.of(metadata, "update", metadata.object("update").map(LifecycleInput::update)));
    }

    private static List<VolumeMount> volumes(List<Input> entries) {
        Set<String> targets = new HashSet<>();
        List<VolumeMount> volumes = new ArrayList<>();
        for (Input entry : entries) {
            String source = Names.checked("A volume (" + entry.name("source") + ")", entry.text("source"));
            String target = path(entry, "target");
            if (!targets.add(target)) {
                throw duplicate(entry.name("target"), target);
            }
            var care = new VolumeMount.Care(entry.yes("shareable"), entry.yes("snapshot"));
            volumes.add(new VolumeMount(source, target, Optional.of(care).filter(c -> c.shareable() || c.snapshot())));
        }
        return List.copyOf(volumes);
    }

    private static String path(Input entry, String field) {
        String path = entry.text(field);
        boolean clean = path.length() <= LONGEST_PATH
                && PATH.matcher(path).matches()
                && Stream.of(path.split("/", -1)).noneMatch(part -> part.equals(".") || part.equals(".."));
        if (!clean) {
            throw entry.malformed(
                    field, "must be an absolute path without '.', '..', '//' or a slash at its end, as in /data");
        }
        for (String taken : TAKEN) {
            if (path.equals(taken) || path.startsWith(taken + "/")) {
                throw entry.malformed(
                        field, "lies in " + taken + ", which the device fills itself; choose another path");
            }
        }
        return path;
    }

    private static Map<String, String> environment(List<Input> entries) {
        Map<String, String> environment = new TreeMap<>();
        long size = 0;
        for (Input entry : entries) {
            String name = entry.text("name");
            String value = entry.text("value");
            if (!VARIABLE.matcher(name).matches()) {
                throw entry.malformed(
                        "name",
                        "must be letters, digits and underscores, not begin with a digit, and have 1 to 128 of them");
            }
            // A variable's value may be a secret, so no message shows it.
            if (value.length() > LONGEST_VALUE || value.indexOf('\0') >= 0) {
                throw new Problem(
                                "input.malformed",
                                entry.name("value") + " (of " + name + ") has a NUL or more than " + LONGEST_VALUE
                                        + " characters.")
                        .asException();
            }
            if (environment.put(name, value) != null) {
                throw duplicate(entry.name("name"), name);
            }
            size += name.length() + value.length();
        }
        if (size > LARGEST_ENVIRONMENT) {
            throw new Problem(
                            "input.too-many",
                            "metadata.environment has " + size + " characters.",
                            "Give at most " + LARGEST_ENVIRONMENT + " in all.")
                    .asException();
        }
        return environment;
    }

    private static HealthCheck health(Input health) {
        List<String> kinds =
                Stream.of("exec", "http", "tcp").filter(health::has).toList();
        if (kinds.size() != 1) {
            throw new Problem(
                            "input.malformed",
                            health.path() + " has " + (kinds.isEmpty() ? "none" : String.join(" and ", kinds))
                                    + " of exec, http and tcp.",
                            "Give exactly one of them.")
                    .asException();
        }
        HealthCheck.Timing usual = HealthCheck.Timing.DEFAULT;
        HealthCheck.Timing timing = new HealthCheck.Timing(
                health.whole("interval_seconds", 1, HealthCheck.Timing.MOST_SECONDS, "seconds")
                        .orElse(usual.intervalSeconds()),
                health.whole("timeout_seconds", 1, HealthCheck.Timing.MOST_SECONDS, "seconds")
                        .orElse(usual.timeoutSeconds()),
                health.whole("start_period_seconds", 0, HealthCheck.Timing.MOST_START_PERIOD_SECONDS, "seconds")
                        .orElse(usual.startPeriodSeconds()),
                health.whole("retries", 1, HealthCheck.Timing.MOST_RETRIES, "a number of checks")
                        .orElse(usual.retries()));
        return switch (kinds.getFirst()) {
            case "exec" -> new HealthCheck.Exec(health.command("exec"), timing);
            case "http" -> {
                Input http = health.object("http").orElseThrow();
                yield new HealthCheck.Http(port(http), urlPath(http), timing);
            }
            default -> new HealthCheck.Tcp(port(health.object("tcp").orElseThrow()), timing);
        };
    }

    private static int port(Input check) {
        return check.whole("port", 1, 65_535, "a port").orElseThrow();
    }

    private static String urlPath(Input http) {
        String path = http.has("path") ? http.text("path") : "/";
        if (path.length() > LONGEST_PATH || !URL_PATH.matcher(path).matches()) {
            throw http.malformed("path", "must begin with a slash and have no blanks, as in /healthz");
        }
        return path;
    }

    private static RuntimeException duplicate(String field, String value) {
        return new Problem(
                        "input.duplicate",
                        field + " gives '" + Text.shortened(value, 80) + "' a second time.",
                        "Give each once.")
                .asException();
    }
}
