package io.skerry.cli.group;

import io.skerry.cli.api.AbsentInstance;
import io.skerry.cli.api.Documents;
import io.skerry.cli.output.Cell;
import io.skerry.cli.output.Column;
import io.skerry.cli.output.ExitCode;
import io.skerry.cli.output.Table;
import io.skerry.cli.output.View;
import io.skerry.cli.session.CommandContext;
import io.skerry.cli.session.Session;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Shows which devices of a group can't have one of its services. */
@Command(name = "absent", description = "List the devices that are to have a service by a group and can't, and why.")
public final class GroupServiceAbsent implements Callable<Integer> {
    private final CommandContext context;

    @Parameters(index = "0", paramLabel = "GROUP", description = "By path, as trains/line-1, or by id.")
    private String group = "";

    @Parameters(index = "1", paramLabel = "SERVICE", description = "By name or id.")
    private String service = "";

    public GroupServiceAbsent(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        Session session = context.session();
        String id = GroupRules.id(session, group, service);
        context.output()
                .show(
                        Documents.of(AbsentInstance.class).list(),
                        session.fleet()
                                .groupServices()
                                .absent(session.customer().customerId(), id),
                        GroupServiceAbsent::lines);
        return ExitCode.DONE.number();
    }

    private static List<String> lines(List<AbsentInstance> absent, View view) {
        Table table = new Table(
                Column.flexible("NODE"), Column.fixed("SINCE"), Column.flexible("WHY"), Column.droppable("ID"));
        absent.forEach(a -> table.row(
                Cell.of(a.nodeName()),
                Cell.dim(view.ago(a.since())),
                Cell.of(a.reason().message()),
                Cell.dim(a.nodeId())));
        return table.lines(view);
    }
}
