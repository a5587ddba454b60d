package io.skerry.cli.rollout;

import io.skerry.cli.api.Documents;
import io.skerry.cli.api.Rollout;
import io.skerry.cli.output.ExitCode;
import io.skerry.cli.output.View;
import io.skerry.cli.session.CommandContext;
import io.skerry.cli.session.Session;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Shows how far a service's newest version has come. */
@Command(name = "show", description = "Show how far a service's newest version has come.")
public final class RolloutShow implements Callable<Integer> {
    private final CommandContext context;

    @Parameters(paramLabel = "SERVICE", description = "By name or id.")
    private String wanted = "";

    public RolloutShow(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        Session session = context.session();
        Rollout rollout = session.fleet().rollout(session.lookup().serviceId(wanted));
        context.output().show(Documents.of(Rollout.class), rollout, RolloutShow::lines);
        return ExitCode.DONE.number();
    }

    static List<String> lines(Rollout rollout, View view) {
        List<String> lines = new ArrayList<>(RolloutTable.lines(rollout, view));
        lines.addAll(RolloutTable.failures(rollout, view));
        return lines;
    }
}
