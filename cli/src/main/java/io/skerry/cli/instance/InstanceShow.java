package io.skerry.cli.instance;

import io.skerry.cli.api.Documents;
import io.skerry.cli.api.Event;
import io.skerry.cli.api.EventQuery;
import io.skerry.cli.api.Instance;
import io.skerry.cli.api.LanAddress;
import io.skerry.cli.api.VersionSelector;
import io.skerry.cli.output.ExitCode;
import io.skerry.cli.output.Facts;
import io.skerry.cli.output.Tone;
import io.skerry.cli.output.View;
import io.skerry.cli.session.CommandContext;
import io.skerry.cli.session.Session;
import io.skerry.cli.webhook.EventTable;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Shows one service on one device. */
@Command(
        name = "show",
        description = "Show one instance: what it runs, how it is, its addresses, and what happened to it of late.")
public final class InstanceShow implements Callable<Integer> {
    private static final int NEWEST_EVENTS = 5;

    private final CommandContext context;

    @Parameters(
            paramLabel = "INSTANCE",
            description = "By id, as SERVICE@NODE, or as SERVICE while it runs on one device only.")
    private String wanted = "";

    public InstanceShow(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        Session session = context.session();
        Instance instance = session.lookup().instance(wanted);
        context.output()
                .show(
                        Documents.of(Instance.class),
                        instance,
                        (shown, view) -> lines(
                                shown,
                                session.fleet()
                                        .events(
                                                EventQuery.ofInstance(
                                                        shown.customerId(), shown.nodeServiceInstanceId()),
                                                NEWEST_EVENTS),
                                view));
        return ExitCode.DONE.number();
    }

    static List<String> lines(Instance instance, List<Event> events, View view) {
        Facts facts = new Facts()
                .fact("Service", instance.serviceName())
                .fact("Node", InstanceTable.node(instance).text())
                .fact("Id", instance.nodeServiceInstanceId())
                .fact("Follows", VersionSelector.brief(instance.versionTargetSelector()))
                .fact("Runs", InstanceTable.version(instance.runningVersion()))
                .fact("State", instance.state(), Tone.ofState(instance.state()))
                .fact("Since", instance.startedAt().map(view::ago).orElse("-"))
                .fact("Restarts", String.valueOf(instance.restarts()));
        instance.byGroup().ifPresent(group -> facts.fact("By group", group.groupName()));
        instance.lastExit().ifPresent(end -> facts.fact("Last end", end));
        instance.lan().ifPresent(lan -> facts.fact("LAN address", lan.address()).fact("LAN range", range(lan)));
        List<String> lines = new ArrayList<>(facts.lines(view));
        lines.addAll(InstanceTable.explanation(instance, view));
        if (!events.isEmpty()) {
            lines.add("");
            lines.addAll(EventTable.lines(events, view));
        }
        return lines;
    }

    private static String range(LanAddress lan) {
        return lan.range() + (lan.ownRange() ? ", its own" : ", the same for all instances of the service");
    }
}
