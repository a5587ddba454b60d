package io.skerry.cli.rollout;

import io.skerry.cli.api.Documents;
import io.skerry.cli.api.MemberState;
import io.skerry.cli.api.RolloutMember;
import io.skerry.cli.instance.InstanceTable;
import io.skerry.cli.output.Cell;
import io.skerry.cli.output.Column;
import io.skerry.cli.output.ExitCode;
import io.skerry.cli.output.Table;
import io.skerry.cli.output.View;
import io.skerry.cli.session.CommandContext;
import io.skerry.cli.session.Session;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows which devices a roll-out has brought how far. */
@Command(
        name = "members",
        description =
                "List the devices of a service's newest roll-out in phases: whose turn it is, who failed and why.")
public final class RolloutMembers implements Callable<Integer> {
    private final CommandContext context;

    @Parameters(paramLabel = "SERVICE", description = "By name or id.")
    private String wanted = "";

    @Option(
            names = "--state",
            paramLabel = "STATE",
            split = ",",
            description = "Only those in one of these: pending, updating, waiting, unreachable, done, failed.")
    private Set<MemberState> states = EnumSet.noneOf(MemberState.class);

    @Option(names = "--phase", paramLabel = "N", description = "Only those of this phase, from 1.")
    private Optional<Integer> phase = Optional.empty();

    public RolloutMembers(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        Session session = context.session();
        String rolloutId = NewestRollout.of(session, wanted).rolloutId();
        context.output()
                .show(
                        Documents.of(RolloutMember.class).list(),
                        session.fleet().phasedRollouts().members(rolloutId, phase, states),
                        RolloutMembers::lines);
        return ExitCode.DONE.number();
    }

    private static List<String> lines(List<RolloutMember> members, View view) {
        Table table = new Table(
                Column.flexible("NODE"),
                Column.fixed("PHASE"),
                Column.fixed("STATE"),
                Column.fixed("BEFORE"),
                Column.fixed("RUNS"),
                Column.flexible("WHY"));
        members.forEach(m -> table.row(
                InstanceTable.node(m.instance()),
                Cell.of(m.phase()),
                Cell.state(m.state()),
                Cell.of(InstanceTable.version(m.beforeVersion())),
                Cell.of(InstanceTable.version(m.instance().runningVersion())),
                Cell.of(InstanceTable.why(m.instance()))));
        return table.lines(view);
    }
}
