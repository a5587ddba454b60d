package io.skerry.cli.instance;

import io.skerry.cli.api.ByGroup;
import io.skerry.cli.api.Instance;
import io.skerry.cli.api.LanAddress;
import io.skerry.cli.api.Reason;
import io.skerry.cli.api.VersionSelector;
import io.skerry.cli.output.Cell;
import io.skerry.cli.output.Column;
import io.skerry.cli.output.Table;
import io.skerry.cli.output.Tone;
import io.skerry.cli.output.View;
import io.skerry.spec.Text;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** How instances are shown to people, wherever they appear. */
public final class InstanceTable {
    private static final Set<String> AS_ASKED = Set.of("healthy", "mounted", "disabled");

    private InstanceTable() {}

    /** Whether an instance is as its operator asked for. */
    public static boolean asAsked(Instance instance) {
        return AS_ASKED.contains(instance.state());
    }

    /** Whether a retry is about such an instance. */
    public static boolean heldBack(String state) {
        return state.equals("rolled-back") || state.equals("refused");
    }

    /** A heading and a line for each. */
    public static List<String> lines(List<Instance> instances, View view) {
        boolean group = instances.stream().anyMatch(i -> i.byGroup().isPresent());
        boolean lan = instances.stream().anyMatch(i -> i.lan().isPresent());
        List<Column> columns = new ArrayList<>(List.of(
                Column.fixed("SERVICE"),
                Column.flexible("NODE"),
                Column.fixed("FOLLOWS"),
                Column.fixed("RUNS"),
                Column.fixed("STATE"),
                Column.fixed("STARTED"),
                Column.flexible("WHY"),
                Column.droppable("ID")));
        if (group) {
            columns.add(columns.size() - 1, Column.droppable("BY GROUP"));
        }
        if (lan) {
            columns.add(columns.size() - 1, Column.droppable("LAN"));
        }
        Table table = new Table(columns.toArray(Column[]::new));
        instances.forEach(i -> table.row(cells(i, group, lan, view).toArray(Cell[]::new)));
        return table.lines(view);
    }

    private static List<Cell> cells(Instance i, boolean group, boolean lan, View view) {
        List<Cell> cells = new ArrayList<>(List.of(
                Cell.of(i.serviceName()),
                node(i),
                Cell.of(VersionSelector.brief(i.versionTargetSelector())),
                Cell.of(version(i.runningVersion())),
                Cell.state(i.state()),
                Cell.dim(i.startedAt().map(view::ago).orElse("-")),
                Cell.of(why(i)),
                Cell.dim(i.nodeServiceInstanceId())));
        if (group) {
            cells.add(
                    cells.size() - 1,
                    Cell.dim(i.byGroup().map(ByGroup::groupName).orElse("-")));
        }
        if (lan) {
            cells.add(
                    cells.size() - 1, Cell.dim(i.lan().map(LanAddress::address).orElse("-")));
        }
        return cells;
    }

    /** The device's name; one that is offline is marked. */
    public static Cell node(Instance instance) {
        return instance.nodeOnline()
                ? Cell.of(instance.nodeName())
                : new Cell(instance.nodeName() + " (offline)", Tone.DIM);
    }

    public static String version(Optional<Integer> version) {
        return version.map(String::valueOf).orElse("-");
    }

    /** Why it isn't as it was asked for, in a few words; empty when it is. */
    public static String why(Instance instance) {
        return instance.reason()
                .map(Reason::message)
                .orElse(asAsked(instance) ? "" : instance.lastExit().orElse(""));
    }

    /** All that is known of why one isn't as it was asked for, with the last lines of its log. */
    public static List<String> explanation(Instance instance, View view) {
        if (instance.reason().isEmpty()) {
            return List.of();
        }
        String head = instance.serviceName() + " on " + instance.nodeName() + " is "
                + view.paint(Tone.ofState(instance.state()), instance.state()) + ": ";
        return explanation(head, instance.reason().get(), view);
    }

    /** The reason after some words, then what to do, then the log's last lines. */
    public static List<String> explanation(String head, Reason reason, View view) {
        List<String> lines = new ArrayList<>();
        lines.add(head + clean(reason.message()) + " [" + clean(reason.code()) + "]");
        if (!reason.remedy().isEmpty()) {
            lines.add("  " + clean(reason.remedy()));
        }
        reason.logTail().forEach(line -> lines.add(view.paint(Tone.DIM, "  | " + clean(line))));
        return lines;
    }

    private static String clean(String text) {
        return Text.shortened(text, 1000);
    }
}
