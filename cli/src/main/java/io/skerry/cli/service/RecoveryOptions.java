package io.skerry.cli.service;

import io.skerry.cli.api.Lifecycle.Again;
import java.util.Optional;
import picocli.CommandLine.Option;

/** How a container that ends by itself is started again. */
final class RecoveryOptions {
    @Option(
            names = "--max-retries",
            paramLabel = "N",
            description = "Starts it again so often in a row; 0 (default) is without end.")
    private Optional<Integer> maxRetries = Optional.empty();

    @Option(names = "--retry-delay", paramLabel = "SECONDS", description = "Before it is started again (default: 1).")
    private Optional<String> retryDelay = Optional.empty();

    @Option(
            names = "--backoff-factor",
            paramLabel = "FACTOR",
            description = "Makes each further delay longer (default: 2).")
    private Optional<Double> backoffFactor = Optional.empty();

    @Option(names = "--most-delay", paramLabel = "SECONDS", description = "Beyond which no delay grows (default: 60).")
    private Optional<String> mostDelay = Optional.empty();

    @Option(
            names = "--stable",
            paramLabel = "SECONDS",
            description = "Of running, after which it counts as recovered (default: 60).")
    private Optional<String> stable = Optional.empty();

    @Option(
            names = "--exhausted",
            paramLabel = "WHAT",
            description = "After --max-retries: reboot, give-up (default) or pause.")
    private Optional<String> exhausted = Optional.empty();

    @Option(
            names = "--pause",
            paramLabel = "SECONDS",
            description = "With --exhausted pause: after which all begins anew.")
    private Optional<String> pause = Optional.empty();

    /** Nothing when none of the options is given. */
    Optional<Again> recovery() {
        return Optional.of(new Again(
                        maxRetries,
                        retryDelay.map(text -> Arguments.seconds("retry-delay", text)),
                        backoffFactor,
                        mostDelay.map(text -> Arguments.seconds("most-delay", text)),
                        stable.map(text -> Arguments.seconds("stable", text)),
                        exhausted.map(Arguments::exhausted),
                        pause.map(text -> Arguments.seconds("pause", text))))
                .filter(a -> !a.equals(Again.NOTHING));
    }
}
