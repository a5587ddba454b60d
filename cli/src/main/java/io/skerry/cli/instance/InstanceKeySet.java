package io.skerry.cli.instance;

import io.avaje.jsonb.Json;
import io.skerry.cli.api.Documents;
import io.skerry.cli.output.ExitCode;
import io.skerry.cli.session.CommandContext;
import io.skerry.cli.session.Session;
import io.skerry.spec.Problem;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Says how an instance's API key is rotated. */
@Command(name = "set", description = "Say how an API key of an instance is rotated from now on.")
public final class InstanceKeySet implements Callable<Integer> {
    private static final long HOUR = 60;
    private static final long DAY = 24 * HOUR;

    private final CommandContext context;

    @Mixin
    private final KeyOfInstance which = new KeyOfInstance();

    @Option(names = "--rotate-days", paramLabel = "N", description = "How often by itself; 0: no more.")
    private Optional<Long> rotateDays = Optional.empty();

    @Option(
            names = "--overlap-hours",
            paramLabel = "N",
            description = "The longest that an earlier one stays good whose device is away.")
    private Optional<Long> overlapHours = Optional.empty();

    /** What a script reads. */
    @Json(naming = Json.Naming.LowerUnderscore)
    record Result(String injectedApiKeyId) {}

    public InstanceKeySet(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        if (rotateDays.isEmpty() && overlapHours.isEmpty()) {
            throw new Problem("usage.nothing", "Nothing is to be changed.", "See skerry instance key set --help.")
                    .asException();
        }
        Session session = context.session();
        KeyOfInstance.Found key = which.find(session);
        session.fleet()
                .injectedKeys()
                .update(
                        key.injectedApiKeyId(),
                        rotateDays.map(days -> days * DAY),
                        overlapHours.map(hours -> hours * HOUR));
        context.output()
                .show(
                        Documents.of(Result.class),
                        new Result(key.injectedApiKeyId()),
                        (shown, view) -> List.of("The key of " + key.owner() + " is rotated as you said."));
        return ExitCode.DONE.number();
    }
}
