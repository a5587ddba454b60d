package io.skerry.cli.rollout;

import io.skerry.cli.api.Instance;
import io.skerry.cli.api.Rollout;
import io.skerry.cli.instance.InstanceTable;
import io.skerry.cli.output.Cell;
import io.skerry.cli.output.Column;
import io.skerry.cli.output.Table;
import io.skerry.cli.output.Tone;
import io.skerry.cli.output.View;
import java.util.ArrayList;
import java.util.List;

/** How a roll-out is shown to people. */
final class RolloutTable {
    private RolloutTable() {}

    /** One line with the numbers, then a table with each device. */
    static List<String> lines(Rollout rollout, View view) {
        List<String> lines = new ArrayList<>();
        lines.add(summary(rollout, view));
        if (rollout.instances().isEmpty()) {
            return lines;
        }
        Table table = new Table(
                Column.flexible("NODE"),
                Column.fixed("RUNS"),
                Column.fixed("TARGET"),
                Column.fixed("STATE"),
                Column.flexible("WHY"));
        rollout.instances()
                .forEach(i -> table.row(
                        InstanceTable.node(i),
                        Cell.of(InstanceTable.version(i.runningVersion())),
                        Cell.of(InstanceTable.version(i.targetVersion())),
                        Cell.state(i.state()),
                        Cell.of(InstanceTable.why(i))));
        lines.addAll(table.lines(view));
        return lines;
    }

    static String summary(Rollout rollout, View view) {
        String head = rollout.name() + " version " + rollout.containerVersion() + ": ";
        if (rollout.total() == 0) {
            return head + "no instance follows it.";
        }
        List<String> parts = new ArrayList<>();
        parts.add(view.paint(Tone.GOOD, rollout.done() + " of " + rollout.total() + " done"));
        if (rollout.inProgress() > 0) {
            parts.add(view.paint(Tone.BUSY, rollout.inProgress() + " in progress"));
        }
        if (rollout.failed() > 0) {
            parts.add(view.paint(Tone.BAD, rollout.failed() + " failed"));
        }
        if (rollout.waitingOffline() > 0) {
            parts.add(view.paint(Tone.DIM, rollout.waitingOffline() + " offline"));
        }
        return head + String.join(", ", parts) + phase(rollout);
    }

    private static String phase(Rollout rollout) {
        return rollout.phased()
                .map(p -> " (phase " + p.phase() + " of " + p.phases().size() + ", " + p.state() + ")")
                .orElse("");
    }

    /** Why those that failed did, with the last lines of their logs. */
    static List<String> failures(Rollout rollout, View view) {
        return rollout.instances().stream()
                .filter(RolloutTable::failed)
                .flatMap(i -> InstanceTable.explanation(i, view).stream())
                .toList();
    }

    /** Whether a device went back from the version or refused it, and so doesn't try it again by itself. */
    static boolean retriable(Rollout rollout) {
        return rollout.instances().stream().map(Instance::state).anyMatch(InstanceTable::heldBack);
    }

    private static boolean failed(Instance instance) {
        return Tone.ofState(instance.state()) == Tone.BAD;
    }
}
