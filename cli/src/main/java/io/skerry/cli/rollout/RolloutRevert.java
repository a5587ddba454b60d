package io.skerry.cli.rollout;

import io.skerry.cli.api.RolloutStep;
import io.skerry.cli.session.CommandContext;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Have each device go back to the version that it had. */
@Command(name = "revert", description = "Have each device go back to the version that it had.")
public final class RolloutRevert implements Callable<Integer> {
    private final CommandContext context;

    @Parameters(paramLabel = "SERVICE", description = "By name or id.")
    private String wanted = "";

    public RolloutRevert(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        return NewestRollout.change(context, wanted, RolloutStep.REVERT, "is taken back");
    }
}
