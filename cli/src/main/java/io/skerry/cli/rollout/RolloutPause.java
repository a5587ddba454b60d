package io.skerry.cli.rollout;

import io.skerry.cli.api.RolloutStep;
import io.skerry.cli.session.CommandContext;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Tell no further device the new version until it is resumed; those that are at it finish. */
@Command(
        name = "pause",
        description = "Tell no further device the new version until it is resumed; those that are at it finish.")
public final class RolloutPause implements Callable<Integer> {
    private final CommandContext context;

    @Parameters(paramLabel = "SERVICE", description = "By name or id.")
    private String wanted = "";

    public RolloutPause(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        return NewestRollout.change(context, wanted, RolloutStep.PAUSE, "goes no further until it is resumed");
    }
}
