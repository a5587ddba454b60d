package io.skerry.cli.webhook;

import io.skerry.cli.api.Documents;
import io.skerry.cli.api.Event;
import io.skerry.cli.api.EventQuery;
import io.skerry.cli.output.ExitCode;
import io.skerry.cli.session.CommandContext;
import io.skerry.cli.session.Session;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
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

    @Option(
            names = "--instance",
            paramLabel = "INSTANCE",
            description = "Only what is about this instance: by id, also of one that is gone, or as SERVICE@NODE.")
    private Optional<String> instance = Optional.empty();

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
                                                instance.map(
                                                        i -> session.lookup().instanceId(i)),
                                                after),
                                        take),
                        EventTable::lines);
        return ExitCode.DONE.number();
    }
}
