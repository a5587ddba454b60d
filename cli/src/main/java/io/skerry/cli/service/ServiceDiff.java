package io.skerry.cli.service;

import io.skerry.cli.api.Difference;
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

/** Compares two versions of a service. */
@Command(name = "diff", description = "Show what two versions of a service differ in.")
public final class ServiceDiff implements Callable<Integer> {
    private final CommandContext context;

    @Parameters(index = "0", paramLabel = "SERVICE", description = "By name or id.")
    private String wanted = "";

    @Parameters(index = "1", paramLabel = "VERSION", description = "The one.")
    private int from;

    @Parameters(index = "2", paramLabel = "OTHER", description = "The other.")
    private int to;

    public ServiceDiff(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        Session session = context.session();
        context.output()
                .show(
                        Documents.of(Difference.class).list(),
                        session.fleet().difference(session.lookup().serviceId(wanted), from, to),
                        ServiceDiff::lines);
        return ExitCode.DONE.number();
    }

    private static List<String> lines(List<Difference> all, View view) {
        if (all.isEmpty()) {
            return List.of("They don't differ.");
        }
        Table table = new Table(Column.fixed("FIELD"), Column.flexible("BEFORE"), Column.flexible("AFTER"));
        all.forEach(d -> table.row(
                Cell.of(d.field()),
                Cell.of(d.before().orElse("-")),
                Cell.of(d.after().orElse("-"))));
        return table.lines(view);
    }
}
