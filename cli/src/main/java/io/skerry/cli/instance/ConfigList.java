package io.skerry.cli.instance;

import io.skerry.cli.api.ConfigFile;
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

/** Shows an instance's configuration files. */
@Command(name = "ls", description = "List one instance's configuration files; what secret ones say is never shown.")
public final class ConfigList implements Callable<Integer> {
    private static final int DIGITS = 19;

    private final CommandContext context;

    @Parameters(
            paramLabel = "INSTANCE",
            description = "By id, as SERVICE@NODE, or as SERVICE while it runs on one device only.")
    private String wanted = "";

    public ConfigList(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        Session session = context.session();
        String id = session.lookup().instance(wanted).nodeServiceInstanceId();
        context.output()
                .show(
                        Documents.of(ConfigFile.class).list(),
                        session.fleet().configFiles().of(id),
                        ConfigList::lines);
        return ExitCode.DONE.number();
    }

    private static List<String> lines(List<ConfigFile> files, View view) {
        Table table = new Table(
                Column.flexible("PATH"),
                Column.fixed("MODE"),
                Column.fixed("SECRET"),
                Column.fixed("BYTES"),
                Column.fixed("CHANGED"),
                Column.droppable("DIGEST"));
        files.forEach(f -> table.row(
                Cell.of(f.path()),
                Cell.of(f.mode()),
                Cell.of(f.secret() ? "yes" : "no"),
                Cell.of(f.size().map(size -> Integer.toString(size)).orElse("-")),
                Cell.dim(view.ago(f.changedAt())),
                Cell.dim(f.digest()
                        .map(d -> d.substring(0, Math.min(DIGITS, d.length())))
                        .orElse("-"))));
        return table.lines(view);
    }
}
