package io.skerry.cli.customer;

import io.skerry.cli.api.ApiKey;
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
import picocli.CommandLine.Option;

/** Shows API keys, without their secrets. */
@Command(name = "ls", description = "List the customer's API keys, without their secrets.")
public final class KeyList implements Callable<Integer> {
    private final CommandContext context;

    @Option(names = "--installation", description = "The keys of the whole installation instead.")
    private boolean installation;

    public KeyList(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        Session session = context.session();
        List<ApiKey> keys = installation
                ? session.fleet().installationKeys()
                : session.fleet().keysOf(session.customer().customerId());
        context.output().show(Documents.of(ApiKey.class).list(), keys, KeyList::lines);
        return ExitCode.DONE.number();
    }

    static List<String> lines(List<ApiKey> keys, View view) {
        Table table =
                new Table(Column.flexible("NAME"), Column.fixed("STATE"), Column.fixed("AGE"), Column.fixed("ID"));
        keys.forEach(k -> table.row(
                Cell.of(k.name()),
                Cell.state(k.revokedAt().isPresent() ? "revoked" : "valid"),
                Cell.dim(view.ago(k.createdAt())),
                Cell.dim(k.apiKeyId())));
        return table.lines(view);
    }
}
