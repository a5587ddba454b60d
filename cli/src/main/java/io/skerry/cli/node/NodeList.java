package io.skerry.cli.node;

import io.skerry.cli.api.Documents;
import io.skerry.cli.api.NodeQuery;
import io.skerry.cli.api.NodeSummary;
import io.skerry.cli.output.Cell;
import io.skerry.cli.output.Column;
import io.skerry.cli.output.ExitCode;
import io.skerry.cli.output.Table;
import io.skerry.cli.output.View;
import io.skerry.cli.session.CommandContext;
import io.skerry.cli.session.Session;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Shows the customer's devices. */
@Command(name = "ls", description = "List the customer's devices.")
public final class NodeList implements Callable<Integer> {
    private final CommandContext context;

    @Option(
            names = "--group",
            paramLabel = "GROUP",
            description = "Those in this group and the groups within it; by path, as trains/line-1, or by id.")
    private Optional<String> group = Optional.empty();

    @Option(
            names = {"-l", "--label"},
            paramLabel = "NAME=VALUE",
            description = "Those with this label; repeatable.")
    private Map<String, String> labels = Map.of();

    public NodeList(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        Session session = context.session();
        context.output()
                .show(
                        Documents.of(NodeSummary.class).list(),
                        session.fleet()
                                .nodes(new NodeQuery(
                                        session.customer().customerId(),
                                        group.flatMap(
                                                g -> session.lookup().groups().id(g)),
                                        labels)),
                        NodeList::lines);
        return ExitCode.DONE.number();
    }

    static List<String> lines(List<NodeSummary> nodes, View view) {
        Table table = new Table(
                Column.flexible("NAME"),
                Column.fixed("ARCH"),
                Column.fixed("LINK"),
                Column.fixed("SEEN"),
                Column.fixed("REVISION"),
                Column.fixed("PHASE"),
                Column.droppable("DAEMON"),
                Column.droppable("ID"));
        nodes.forEach(n -> table.row(
                Cell.of(n.name()),
                Cell.of(n.arch()),
                Cell.state(n.online() ? "online" : "offline"),
                Cell.dim(n.lastSeenAt().map(view::ago).orElse("never")),
                Cell.of(revision(n.revision(), n.tryingRevision())),
                Cell.state(n.phase()),
                Cell.of(n.daemonVersion().orElse("-")),
                Cell.dim(n.nodeId())));
        return table.lines(view);
    }

    /** The committed one, and behind an arrow the one that is being tried. */
    static String revision(int current, Optional<Integer> trying) {
        return trying.map(t -> current + " → " + t).orElse(Integer.toString(current));
    }
}
