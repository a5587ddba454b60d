package io.skerry.cli.instance;

import io.skerry.cli.api.Documents;
import io.skerry.cli.api.InjectedKey;
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

/** Shows an instance's API keys. */
@Command(
        name = "ls",
        description = "List the API keys that one instance finds in its container, never the keys themselves.")
public final class InstanceKeyList implements Callable<Integer> {
    private static final long HOUR = 60;
    private static final long DAY = 24 * HOUR;

    private final CommandContext context;

    @Parameters(
            paramLabel = "INSTANCE",
            description = "By id, as SERVICE@NODE, or as SERVICE while it runs on one device only.")
    private String wanted = "";

    public InstanceKeyList(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        Session session = context.session();
        String id = session.lookup().instance(wanted).nodeServiceInstanceId();
        context.output()
                .show(
                        Documents.of(InjectedKey.class).list(),
                        session.fleet().injectedKeys().of(id),
                        InstanceKeyList::lines);
        return ExitCode.DONE.number();
    }

    private static List<String> lines(List<InjectedKey> keys, View view) {
        Table table = new Table(
                Column.flexible("PATH"),
                Column.fixed("MODE"),
                Column.fixed("ROLE"),
                Column.fixed("FOR"),
                Column.fixed("AGE"),
                Column.fixed("ROTATED"),
                Column.fixed("OVERLAP"),
                Column.fixed("EARLIER"),
                Column.droppable("KEY"));
        keys.forEach(k -> table.row(
                Cell.of(k.path()),
                Cell.of(k.mode()),
                Cell.of(k.role()),
                Cell.of(k.wholeCustomer() ? "customer" : "device"),
                Cell.dim(view.ago(k.rotatedAt())),
                Cell.of(k.rotateMinutes().map(m -> "every " + span(m)).orElse("by hand")),
                Cell.of(span(k.overlapMinutes())),
                Cell.of(k.earlier().isEmpty() ? "-" : k.earlier().size() + " good"),
                Cell.dim(k.apiKeyId())));
        return table.lines(view);
    }

    private static String span(long minutes) {
        if (minutes > 0 && minutes % DAY == 0) {
            return minutes / DAY + " d";
        }
        return minutes > 0 && minutes % HOUR == 0 ? minutes / HOUR + " h" : minutes + " min";
    }
}
