package io.skerry.cli.webhook;

import io.avaje.json.JsonException;
import io.avaje.jsonb.JsonType;
import io.skerry.cli.api.Documents;
import io.skerry.cli.api.Event;
import io.skerry.cli.api.EventQuery;
import io.skerry.cli.output.Cell;
import io.skerry.cli.output.Column;
import io.skerry.cli.output.ExitCode;
import io.skerry.cli.output.Table;
import io.skerry.cli.output.View;
import io.skerry.cli.session.CommandContext;
import io.skerry.cli.session.Session;
import io.skerry.spec.JsonMappers;
import io.skerry.spec.Text;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Shows what happened. */
@Command(
        name = "ls",
        description = {
            "List what happened to devices, instances, services and roll-outs, newest first.",
            "With --after it begins with what came next, the oldest first, so that a script can follow."
        })
public final class EventList implements Callable<Integer> {
    private static final JsonType<Map<String, Object>> DATA =
            JsonMappers.mapper().build().type(Object.class).map();

    private final CommandContext context;

    @Option(
            names = {"-t", "--type"},
            paramLabel = "TYPE",
            description = "Only events of this type, as node.offline; repeatable.")
    private List<String> types = new ArrayList<>();

    @Option(names = "--node", paramLabel = "NODE", description = "Only what is about this device; by name or id.")
    private Optional<String> node = Optional.empty();

    @Option(names = "--service", paramLabel = "SERVICE", description = "Only what is about this service.")
    private Optional<String> service = Optional.empty();

    @Option(names = "--after", paramLabel = "EVENT_ID", description = "Only what came after this event.")
    private Optional<String> after = Optional.empty();

    @Option(names = "--take", paramLabel = "N", description = "How many, 1 to 200 (default: ${DEFAULT-VALUE}).")
    private int take = 50;

    public EventList(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        Session session = context.session();
        context.output()
                .show(
                        Documents.of(Event.class).list(),
                        session.fleet()
                                .events(
                                        new EventQuery(
                                                session.customer().customerId(),
                                                types,
                                                node.map(n -> session.lookup().nodeId(n)),
                                                service.map(
                                                        s -> session.lookup().serviceId(s)),
                                                after),
                                        take),
                        EventList::lines);
        return ExitCode.DONE.number();
    }

    private static List<String> lines(List<Event> events, View view) {
        Table table =
                new Table(Column.fixed("AGE"), Column.fixed("EVENT"), Column.flexible("WHAT"), Column.droppable("ID"));
        events.forEach(e -> table.row(
                Cell.dim(view.ago(e.at())),
                Cell.of(e.type()),
                Cell.of(Text.shortened(said(e), 400)),
                Cell.dim(e.eventId())));
        return table.lines(view);
    }

    /** What an event says, but ids, which the JSON form has: {@code node quay, service web, version 3}. */
    private static String said(Event event) {
        try {
            return DATA.fromJson(event.data()).entrySet().stream()
                    .filter(e -> !e.getKey().endsWith("_id"))
                    .map(e -> e.getKey().replaceFirst("_name$", "").replace('_', ' ') + " " + words(e.getValue()))
                    .collect(Collectors.joining(", "));
        } catch (JsonException e) {
            // Of a newer control plane, perhaps: as it came.
            return event.data();
        }
    }

    private static String words(Object value) {
        return String.valueOf(
                value instanceof Map<?, ?> problem && problem.containsKey("message") ? problem.get("message") : value);
    }
}
