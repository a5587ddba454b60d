package io.skerry.cli.customer;

import io.skerry.cli.api.AuditEntry;
import io.skerry.cli.api.AuditQuery;
import io.skerry.cli.api.Documents;
import io.skerry.cli.output.Cell;
import io.skerry.cli.output.Column;
import io.skerry.cli.output.ExitCode;
import io.skerry.cli.output.Table;
import io.skerry.cli.output.View;
import io.skerry.cli.session.CommandContext;
import io.skerry.cli.session.Session;
import io.skerry.spec.Text;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Shows who changed what. */
@Command(name = "ls", description = "List who changed what, newest first.")
public final class AuditList implements Callable<Integer> {
    private final CommandContext context;

    @Option(names = "--subject", paramLabel = "ID", description = "Only changes of the thing with this id.")
    private Optional<String> subject = Optional.empty();

    @Option(names = "--actor", paramLabel = "ID", description = "Only changes by the key or device with this id.")
    private Optional<String> actor = Optional.empty();

    @Option(names = "--take", paramLabel = "N", description = "How many, 1 to 200 (default: ${DEFAULT-VALUE}).")
    private int take = 50;

    @Option(names = "--installation", description = "The whole installation's instead.")
    private boolean installation;

    public AuditList(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        Session session = context.session();
        Optional<String> customer =
                installation ? Optional.empty() : Optional.of(session.customer().customerId());
        context.output()
                .show(
                        Documents.of(AuditEntry.class).list(),
                        session.fleet().audit(new AuditQuery(customer, subject, actor), take),
                        AuditList::lines);
        return ExitCode.DONE.number();
    }

    static List<String> lines(List<AuditEntry> entries, View view) {
        Table table = new Table(
                Column.fixed("AGE"),
                Column.fixed("WHO"),
                Column.fixed("WHAT"),
                Column.fixed("OF"),
                Column.flexible("BEFORE → AFTER"));
        entries.forEach(e -> table.row(
                Cell.dim(view.ago(e.at())),
                Cell.of(Text.shortened(e.actorName(), 24)),
                Cell.of(e.operation()),
                Cell.of(e.subjectKind() + " " + Text.shortened(e.subjectName(), 40)),
                Cell.of(Text.shortened(
                        e.before().orElse("-") + " → " + e.after().orElse("-"), 400))));
        return table.lines(view);
    }
}
