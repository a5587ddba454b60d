package io.skerry.cli.node;

import io.skerry.cli.api.ClaimToken;
import io.skerry.cli.api.Documents;
import io.skerry.cli.output.Cell;
import io.skerry.cli.output.Column;
import io.skerry.cli.output.ExitCode;
import io.skerry.cli.output.Table;
import io.skerry.cli.output.View;
import io.skerry.cli.session.CommandContext;
import io.skerry.cli.session.GroupPaths;
import io.skerry.cli.session.Session;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** Shows claim tokens, without their secrets. */
@Command(name = "ls", description = "List the customer's claim tokens, newest first and without their secrets.")
public final class ClaimTokenList implements Callable<Integer> {
    private final CommandContext context;

    public ClaimTokenList(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        Session session = context.session();
        GroupPaths paths = session.lookup().groups();
        context.output()
                .show(
                        Documents.of(ClaimToken.class).list(),
                        session.fleet().claimTokens().of(session.customer().customerId()),
                        (tokens, view) -> lines(tokens, paths, view));
        return ExitCode.DONE.number();
    }

    private static List<String> lines(List<ClaimToken> tokens, GroupPaths paths, View view) {
        Table table = new Table(
                Column.fixed("STATE"),
                Column.flexible("NAME"),
                Column.flexible("GROUP"),
                Column.fixed("LEFT"),
                Column.fixed("EXPIRES"),
                Column.fixed("AGE"),
                Column.fixed("ID"));
        tokens.forEach(t -> table.row(
                Cell.state(t.state()),
                t.nodeName().map(Cell::of).orElse(Cell.dim("-")),
                t.groupId().map(id -> Cell.of(paths.of(id))).orElse(Cell.dim("/")),
                Cell.of(t.usesLeft()),
                Cell.dim(t.state().equals("good") ? "in " + view.until(t.expiresAt()) : "-"),
                Cell.dim(view.ago(t.createdAt())),
                Cell.dim(t.claimTokenId())));
        return table.lines(view);
    }
}
