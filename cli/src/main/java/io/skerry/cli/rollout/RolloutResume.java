package io.skerry.cli.rollout;

import io.skerry.cli.api.RolloutStep;
import io.skerry.cli.session.CommandContext;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Go on with a roll-out that is paused, in spite of its failures. */
@Command(name = "resume", description = "Go on with a roll-out that is paused, in spite of its failures.")
public final class RolloutResume implements Callable<Integer> {
    private final CommandContext context;

    @Parameters(paramLabel = "SERVICE", description = "By name or id.")
    private String wanted = "";

    public RolloutResume(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        return NewestRollout.change(context, wanted, RolloutStep.RESUME, "goes on");
    }
}
