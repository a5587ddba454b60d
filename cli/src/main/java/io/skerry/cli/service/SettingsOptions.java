package io.skerry.cli.service;

import io.skerry.cli.api.ImportInput.Check;
import io.skerry.cli.api.ImportInput.Health;
import io.skerry.cli.api.ImportInput.Settings;
import io.skerry.cli.api.Lifecycle;
import io.skerry.cli.api.Variable;
import io.skerry.cli.session.Secrets;
import io.skerry.spec.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** How a version is to run. */
final class SettingsOptions {
    @Option(names = "--memory-mb", paramLabel = "MB", description = "Memory.")
    private Optional<Integer> memoryMb = Optional.empty();

    @Option(names = "--cpu-millis", paramLabel = "N", description = "Thousandths of a processor; 0 is no limit.")
    private Optional<Integer> cpuMillis = Optional.empty();

    @Option(names = "--pids", paramLabel = "N", description = "Processes and threads.")
    private Optional<Integer> pids = Optional.empty();

    @Option(
            names = "--volume",
            paramLabel = "NAME:PATH[:CARE]",
            description = {
                "A directory that outlives the container. CARE is shareable (the old and the new container may have it at",
                "once), snapshot (its content goes back with a version that is rolled back), or both with a comma."
            })
    private List<String> volumes = new ArrayList<>();

    @Option(names = "--env", paramLabel = "NAME=VALUE", description = "An environment variable.")
    private List<String> environment = new ArrayList<>();

    @Option(
            names = "--env-file",
            paramLabel = "FILE",
            description = "Environment variables, one a line; - is standard input.")
    private List<String> environmentFiles = new ArrayList<>();

    @ArgGroup
    private HealthOptions health = new HealthOptions();

    @Option(names = "--interval", paramLabel = "SECONDS", description = "Between two health checks.")
    private Optional<String> interval = Optional.empty();

    @Option(names = "--timeout", paramLabel = "SECONDS", description = "After which one health check has failed.")
    private Optional<String> timeout = Optional.empty();

    @Option(names = "--start-period", paramLabel = "SECONDS", description = "In which failed checks don't count.")
    private Optional<String> startPeriod = Optional.empty();

    @Option(names = "--retries", paramLabel = "N", description = "Failures in a row that make it unhealthy.")
    private Optional<Integer> retries = Optional.empty();

    @Option(
            names = "--restart",
            paramLabel = "POLICY",
            description = "When it ends by itself: always, on-failure, unless-stopped or no.")
    private Optional<String> restart = Optional.empty();

    @Option(names = "--stop-seconds", paramLabel = "SECONDS", description = "To end after the stop signal.")
    private Optional<String> stop = Optional.empty();

    @Option(
            names = "--probation-seconds",
            paramLabel = "SECONDS",
            description = "For how long a new version is watched.")
    private Optional<String> probation = Optional.empty();

    @Mixin
    private PlaceOptions place = new PlaceOptions();

    @Mixin
    private RecoveryOptions recovery = new RecoveryOptions();

    @Mixin
    private UpdateOptions update = new UpdateOptions();

    @Option(
            names = "--without",
            paramLabel = "SETTING",
            description = {
                "Takes an inherited setting away: health, group, goal, goal-time, update-scope, after, recovery or update; may be",
                "repeated."
            })
    private List<String> without = new ArrayList<>();

    /** How health is asked for; one of them. */
    static final class HealthOptions {
        @Option(
                names = "--health-exec",
                paramLabel = "COMMAND",
                description = "Healthy while this ends with 0 (by /bin/sh -c).")
        private Optional<String> exec = Optional.empty();

        @Option(
                names = "--health-http",
                paramLabel = "PORT[/PATH]",
                description = "Healthy while a GET answers 200 to 399.")
        private Optional<String> http = Optional.empty();

        @Option(names = "--health-tcp", paramLabel = "PORT", description = "Healthy while a connection is accepted.")
        private Optional<String> tcp = Optional.empty();

        Optional<Check> check() {
            return exec.map(Arguments::exec).or(() -> http.map(Arguments::http)).or(() -> tcp.map(Arguments::tcp));
        }
    }

    /** @throws io.skerry.spec.ProblemException {@code usage.<option>} */
    Settings settings(Secrets files) {
        List<Variable> variables = Stream.concat(
                        environmentFiles.stream().flatMap(file -> Arguments.variables(files.text(file)).stream()),
                        environment.stream().map(Arguments::variable))
                .toList();
        return new Settings(
                memoryMb,
                cpuMillis,
                pids,
                volumes.stream().map(Arguments::volume).toList(),
                variables,
                health(),
                restart.map(Arguments::restart),
                stop.map(text -> Arguments.seconds("stop-seconds", text)),
                probation.map(text -> Arguments.seconds("probation-seconds", text)),
                new Lifecycle(
                        place.group(),
                        place.goal(),
                        place.goalSeconds(),
                        place.updateScope(),
                        place.after(),
                        recovery.recovery(),
                        update.update()),
                without.stream().map(Arguments::without).distinct().toList());
    }

    private Optional<Health> health() {
        Optional<Check> check = health.check();
        if (check.isEmpty()
                && (interval.isPresent() || timeout.isPresent() || startPeriod.isPresent() || retries.isPresent())) {
            throw new Problem(
                            "usage.health",
                            "There is a timing for a health check, but no health check.",
                            "Add --health-exec, --health-http or --health-tcp.")
                    .asException();
        }
        return check.map(c -> new Health(
                c,
                interval.map(text -> Arguments.seconds("interval", text)),
                timeout.map(text -> Arguments.seconds("timeout", text)),
                startPeriod.map(text -> Arguments.seconds("start-period", text)),
                retries));
    }
}
