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
        Table table = new Table(
                Column.flexible("NAME"),
                Column.fixed("ROLE"),
                Column.fixed("STATE"),
                Column.fixed("EXPIRES"),
                Column.fixed("AGE"),
                Column.droppable("NODE"),
                Column.fixed("ID"));
        keys.forEach(k -> table.row(
                Cell.of(k.name() + (k.loginSubject().isPresent() ? " (login)" : "")),
                Cell.of(k.role()),
                Cell.state(state(k, view)),
                Cell.dim(k.expiresAt()
                        .map(at -> view.isPast(at) ? "-" : "in " + view.until(at))
                        .orElse("never")),
                Cell.dim(view.ago(k.createdAt())),
                Cell.dim(k.nodeId().orElse("all")),
                Cell.dim(k.apiKeyId())));
        return table.lines(view);
    }

    private static String state(ApiKey key, View view) {
        if (key.revokedAt().isPresent()) {
            return "revoked";
        }
        return key.expiresAt().filter(view::isPast).isPresent() ? "expired" : "valid";
    }
}
