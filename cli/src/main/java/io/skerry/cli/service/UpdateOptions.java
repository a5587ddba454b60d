package io.skerry.cli.service;

import io.skerry.cli.api.Lifecycle.Command;
import io.skerry.cli.api.Lifecycle.Update;
import io.skerry.spec.Problem;
import java.util.Optional;
import picocli.CommandLine.Option;

/** How a container is replaced by its next version. */
final class UpdateOptions {
    @Option(
            names = "--strategy",
            paramLabel = "STRATEGY",
            description = "stop-then-start (default), start-then-stop or hand-over.")
    private Optional<String> strategy = Optional.empty();

    @Option(
            names = "--pre-update",
            paramLabel = "COMMAND",
            description = "Run in the old container before an update (by /bin/sh -c).")
    private Optional<String> preUpdate = Optional.empty();

    @Option(
            names = "--post-update",
            paramLabel = "COMMAND",
            description = "Run in the new container once it has reached its goal.")
    private Optional<String> postUpdate = Optional.empty();

    @Option(
            names = "--hand-over",
            paramLabel = "COMMAND",
            description = "With --strategy hand-over: run in the old container while the new one runs too.")
    private Optional<String> handOver = Optional.empty();

    @Option(
            names = "--hook-timeout",
            paramLabel = "SECONDS",
            description = "After which one of these commands has failed (default: 30).")
    private Optional<String> hookTimeout = Optional.empty();

    @Option(
            names = "--lock",
            paramLabel = "SECONDS",
            description = "For how long it may put an update off by /host/update.lock (default: 600).")
    private Optional<String> lock = Optional.empty();

    /** Nothing when none of the options is given. */
    Optional<Update> update() {
        if (hookTimeout.isPresent() && preUpdate.isEmpty() && postUpdate.isEmpty() && handOver.isEmpty()) {
            throw new Problem(
                            "usage.hook-timeout",
                            "There is a --hook-timeout, but no command that it is for.",
                            "Add --pre-update, --post-update or --hand-over.")
                    .asException();
        }
        return Optional.of(new Update(
                        strategy.map(Arguments::strategy),
                        preUpdate.map(this::command),
                        postUpdate.map(this::command),
                        handOver.map(this::command),
                        lock.map(text -> Arguments.seconds("lock", text))))
                .filter(u -> !u.equals(Update.NOTHING));
    }

    private Command command(String text) {
        return new Command(
                Arguments.shell(text), hookTimeout.map(seconds -> Arguments.seconds("hook-timeout", seconds)));
    }
}
