package io.skerry.cli.rollout;

import io.skerry.cli.api.RolloutStep;
import io.skerry.cli.session.CommandContext;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** End a roll-out; who has the version keeps it. */
@Command(name = "abort", description = "End a roll-out; who has the version keeps it.")
public final class RolloutAbort implements Callable<Integer> {
    private final CommandContext context;

    @Parameters(paramLabel = "SERVICE", description = "By name or id.")
    private String wanted = "";

    public RolloutAbort(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        return NewestRollout.change(context, wanted, RolloutStep.ABORT, "goes no further");
    }
}
