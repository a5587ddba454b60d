package io.skerry.cli.rollout;

import io.skerry.cli.api.RolloutStep;
import io.skerry.cli.session.CommandContext;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Let the phase begin that waits for approval. */
@Command(name = "approve", description = "Let the phase begin that waits for approval.")
public final class RolloutApprove implements Callable<Integer> {
    private final CommandContext context;

    @Parameters(paramLabel = "SERVICE", description = "By name or id.")
    private String wanted = "";

    public RolloutApprove(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        return NewestRollout.change(context, wanted, RolloutStep.APPROVE, "goes on with its next phase");
    }
}
