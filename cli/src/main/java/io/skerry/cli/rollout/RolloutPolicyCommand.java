package io.skerry.cli.rollout;

import io.avaje.jsonb.Json;
import io.skerry.cli.api.Documents;
import io.skerry.cli.output.ExitCode;
import io.skerry.cli.session.CommandContext;
import io.skerry.cli.session.Session;
import io.skerry.spec.Problem;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Says how new versions go out. */
@Command(
        name = "policy",
        description = {
            "Say how a service's new versions go out from now on.",
            "A PHASE is 20%%, 5 (in number) or rest, then what is needed of: success=95 failure=5 (percent) soak=SECONDS update=SECONDS at-once=50"
                    + " label=NAME=VALUE approval."
        })
public final class RolloutPolicyCommand implements Callable<Integer> {
    private final CommandContext context;

    @Parameters(paramLabel = "SERVICE", description = "By name or id.")
    private String wanted = "";

    @Option(names = "--phase", paramLabel = "PHASE", description = "One after another; the last one has the rest too.")
    private List<String> phases = List.of();

    @Option(names = "--manual", description = "New versions wait for skerry rollout start.")
    private boolean manual;

    @Option(names = "--none", description = "To all devices at once.")
    private boolean none;

    /** What a script reads. */
    @Json(naming = Json.Naming.LowerUnderscore)
    record Result(String nodeServiceId) {}

    public RolloutPolicyCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        if (none == !phases.isEmpty() || (none && manual)) {
            throw new Problem(
                            "usage.contradiction",
                            "A policy has phases, or is none.",
                            "Give --phase once or more, or --none.")
                    .asException();
        }
        Session session = context.session();
        String id = session.lookup().serviceId(wanted);
        session.fleet().phasedRollouts().setPolicy(id, PhaseWords.policy(phases, manual));
        context.output()
                .show(
                        Documents.of(Result.class),
                        new Result(id),
                        (result, view) -> List.of(
                                none
                                        ? "New versions of " + wanted + " go to all devices at once."
                                        : "New versions of " + wanted + " go out in " + phases.size() + " phases."));
        return ExitCode.DONE.number();
    }
}
