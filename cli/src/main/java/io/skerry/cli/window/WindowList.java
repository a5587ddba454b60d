package io.skerry.cli.window;

import io.skerry.cli.api.Documents;
import io.skerry.cli.api.NodeSummary;
import io.skerry.cli.api.ServiceSummary;
import io.skerry.cli.api.UpdateTimes;
import io.skerry.cli.output.Cell;
import io.skerry.cli.output.Column;
import io.skerry.cli.output.ExitCode;
import io.skerry.cli.output.Table;
import io.skerry.cli.output.View;
import io.skerry.cli.session.CommandContext;
import io.skerry.cli.session.GroupPaths;
import io.skerry.cli.session.Session;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** Shows what is said of when things may be updated. */
@Command(name = "ls", description = "List the windows and time zones that are set, and what is urgent.")
public final class WindowList implements Callable<Integer> {
    private final CommandContext context;

    public WindowList(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        Session session = context.session();
        String customer = session.customer().customerId();
        List<UpdateTimes> all = session.fleet().updateWindows().list(customer);
        Map<String, String> names = names(session, customer);
        context.output().show(Documents.of(UpdateTimes.class).list(), all, (times, view) -> lines(times, names, view));
        return ExitCode.DONE.number();
    }

    private static Map<String, String> names(Session session, String customer) {
        Map<String, String> names = new HashMap<>();
        GroupPaths paths = session.lookup().groups();
        session.fleet().groups(customer).forEach(g -> names.put(g.groupId(), "group " + paths.of(g)));
        for (NodeSummary node : session.fleet().nodes(customer)) {
            names.put(node.nodeId(), "node " + node.name());
        }
        for (ServiceSummary service : session.fleet().services(customer)) {
            names.put(service.nodeServiceId(), "service " + service.name());
        }
        return names;
    }

    static List<String> lines(List<UpdateTimes> all, Map<String, String> names, View view) {
        Table table = new Table(
                Column.flexible("OF"),
                Column.flexible("FETCH"),
                Column.flexible("SWITCH"),
                Column.fixed("TIME ZONE"),
                Column.fixed("URGENT UNTIL"));
        for (UpdateTimes times : all) {
            table.row(
                    Cell.of(name(times, names)),
                    Cell.of(windows(times, UpdateTimes.UpdateWindows::fetching)),
                    Cell.of(windows(times, UpdateTimes.UpdateWindows::switching)),
                    Cell.of(times.timeZone().orElse("")),
                    Cell.of(times.urgentUntil()
                            .map(at -> Instant.ofEpochMilli(at).toString())
                            .orElse("")));
        }
        return table.lines(view);
    }

    private static String name(UpdateTimes times, Map<String, String> names) {
        Optional<String> id = times.groupId().or(times::nodeId).or(times::nodeServiceId);
        return id.map(i -> names.getOrDefault(i, i))
                .or(() -> times.nodeServiceInstanceId().map(i -> "instance " + i))
                .orElse("customer");
    }

    private static String windows(
            UpdateTimes times,
            java.util.function.Function<UpdateTimes.UpdateWindows, Optional<UpdateTimes.Windows>> which) {
        return times.windows()
                .map(w -> which.apply(w).map(WindowWords::written).orElse("always"))
                .orElse("");
    }
}
