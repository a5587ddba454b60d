package io.skerry.cli.customer;

import io.avaje.json.JsonException;
import io.avaje.jsonb.JsonType;
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
import io.skerry.spec.JsonMappers;
import io.skerry.spec.Text;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Shows who changed what. */
@Command(name = "ls", description = "List who changed what, newest first.")
public final class AuditList implements Callable<Integer> {
    private static final JsonType<Map<String, Object>> FIELDS =
            JsonMappers.mapper().build().type(Object.class).map();

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
                Cell.of(Text.shortened(change(e), 400))));
        return table.lines(view);
    }

    /** What was changed, without what is as it was. */
    private static String change(AuditEntry entry) {
        if (entry.before().isPresent() && entry.after().isPresent()) {
            try {
                Map<String, Object> before = FIELDS.fromJson(entry.before().get());
                Map<String, Object> after = FIELDS.fromJson(entry.after().get());
                return FIELDS.toJson(without(before, after)) + " → " + FIELDS.toJson(without(after, before));
            } catch (JsonException e) {
                // Of a newer control plane, perhaps: as it came.
            }
        }
        return entry.before().orElse("-") + " → " + entry.after().orElse("-");
    }

    private static Map<String, Object> without(Map<String, Object> fields, Map<String, Object> same) {
        Map<String, Object> others = new TreeMap<>(fields);
        others.entrySet().removeAll(same.entrySet());
        return others;
    }
}
