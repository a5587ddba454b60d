package io.skerry.cli.rollout;

import io.avaje.jsonb.Json;
import io.skerry.cli.api.Documents;
import io.skerry.cli.output.ExitCode;
import io.skerry.cli.session.CommandContext;
import io.skerry.cli.session.Session;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Starts a roll-out. */
@Command(
        name = "start",
        description = "Start the roll-out of a service's newest version that waits for it, or was aborted or reverted.")
public final class RolloutStart implements Callable<Integer> {
    private final CommandContext context;

    @Parameters(paramLabel = "SERVICE", description = "By name or id.")
    private String wanted = "";

    @Option(
            names = "--phase",
            paramLabel = "PHASE",
            description = "In place of the policy's, as skerry rollout policy takes them.")
    private List<String> phases = List.of();

    /** What a script reads. */
    @Json(naming = Json.Naming.LowerUnderscore)
    record Result(String rolloutId) {}

    public RolloutStart(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        Session session = context.session();
        String id = session.fleet()
                .phasedRollouts()
                .start(session.lookup().serviceId(wanted), PhaseWords.policy(phases, false));
        context.output()
                .show(
                        Documents.of(Result.class),
                        new Result(id),
                        (result, view) -> List.of("The newest version of " + wanted + " goes out."));
        return ExitCode.DONE.number();
    }
}
