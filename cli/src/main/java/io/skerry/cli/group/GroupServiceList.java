package io.skerry.cli.group;

import io.skerry.cli.api.Documents;
import io.skerry.cli.api.GroupService;
import io.skerry.cli.api.VersionSelector;
import io.skerry.cli.output.Cell;
import io.skerry.cli.output.Column;
import io.skerry.cli.output.ExitCode;
import io.skerry.cli.output.Table;
import io.skerry.cli.output.Tone;
import io.skerry.cli.output.View;
import io.skerry.cli.session.CommandContext;
import io.skerry.cli.session.GroupPaths;
import io.skerry.cli.session.Session;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Shows which services devices have by their groups. */
@Command(name = "ls", description = "List the services that devices have by their groups.")
public final class GroupServiceList implements Callable<Integer> {
    private final CommandContext context;

    @Parameters(
            arity = "0..1",
            paramLabel = "GROUP",
            description = "Only this group's own, by path, as trains/line-1, or by id.")
    private Optional<String> group = Optional.empty();

    public GroupServiceList(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        Session session = context.session();
        GroupPaths paths = session.lookup().groups();
        Optional<String> id = group.map(session.lookup()::groupId);
        context.output()
                .show(
                        Documents.of(GroupService.class).list(),
                        session.fleet().groupServices().list(session.customer().customerId(), id, Optional.empty()),
                        (rules, view) -> lines(rules, paths, view));
        return ExitCode.DONE.number();
    }

    private static List<String> lines(List<GroupService> rules, GroupPaths paths, View view) {
        Table table = new Table(
                Column.flexible("GROUP"),
                Column.fixed("SERVICE"),
                Column.fixed("FOLLOWS"),
                Column.fixed("ON"),
                Column.fixed("ABSENT"),
                Column.fixed("AGE"),
                Column.droppable("ID"));
        rules.stream()
                .sorted(Comparator.comparing((GroupService r) -> paths.of(r.groupId()))
                        .thenComparing(GroupService::serviceName))
                .forEach(r -> table.row(
                        Cell.of(paths.of(r.groupId())),
                        Cell.of(r.serviceName()),
                        Cell.of(VersionSelector.brief(r.versionTargetSelector())),
                        Cell.of(Integer.toString(r.instanceCount())),
                        r.absentCount() == 0 ? Cell.dim("-") : new Cell(Integer.toString(r.absentCount()), Tone.BAD),
                        Cell.dim(view.ago(r.createdAt())),
                        Cell.dim(r.groupNodeServiceId())));
        return table.lines(view);
    }
}
