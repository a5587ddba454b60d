package io.skerry.cli.group;

import io.skerry.cli.api.Documents;
import io.skerry.cli.api.NodeGroup;
import io.skerry.cli.output.Cell;
import io.skerry.cli.output.Column;
import io.skerry.cli.output.ExitCode;
import io.skerry.cli.output.Table;
import io.skerry.cli.output.View;
import io.skerry.cli.session.CommandContext;
import io.skerry.cli.session.GroupPaths;
import io.skerry.cli.session.Session;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** Shows the customer's groups. */
@Command(name = "ls", description = "List the customer's groups of devices.")
public final class GroupList implements Callable<Integer> {
    private final CommandContext context;

    public GroupList(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        Session session = context.session();
        GroupPaths paths = session.lookup().groups();
        context.output()
                .show(
                        Documents.of(NodeGroup.class).list(),
                        session.fleet().groups(session.customer().customerId()),
                        (groups, view) -> lines(groups, paths, view));
        return ExitCode.DONE.number();
    }

    static List<String> lines(List<NodeGroup> groups, GroupPaths paths, View view) {
        Table table = new Table(Column.flexible("GROUP"), Column.fixed("AGE"), Column.fixed("ID"));
        groups.stream()
                .sorted(Comparator.comparing(paths::of))
                .forEach(
                        g -> table.row(Cell.of(paths.of(g)), Cell.dim(view.ago(g.createdAt())), Cell.dim(g.groupId())));
        return table.lines(view);
    }
}
