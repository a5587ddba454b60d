package io.skerry.cli.node;

import io.skerry.cli.api.AbsentInstance;
import io.skerry.cli.api.Capabilities;
import io.skerry.cli.api.Documents;
import io.skerry.cli.api.GivenUp;
import io.skerry.cli.api.Node;
import io.skerry.cli.api.Outcome;
import io.skerry.cli.api.OutcomeVolume;
import io.skerry.cli.api.Traffic;
import io.skerry.cli.api.Word;
import io.skerry.cli.instance.InstanceTable;
import io.skerry.cli.output.ExitCode;
import io.skerry.cli.output.Facts;
import io.skerry.cli.output.Sizes;
import io.skerry.cli.output.Tone;
import io.skerry.cli.output.View;
import io.skerry.cli.session.CommandContext;
import io.skerry.cli.session.Lookup;
import io.skerry.spec.Problem;
import io.skerry.spec.ProblemException;
import io.skerry.spec.Text;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Shows all that is known of a device. */
@Command(name = "show", description = "Show a device: its state, what it can do, what runs on it and what is wrong.")
public final class NodeShow implements Callable<Integer> {
    private final CommandContext context;

    @Parameters(paramLabel = "NODE", description = "By name or id.")
    private String wanted = "";

    public NodeShow(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        Lookup lookup = context.session().lookup();
        Node node = lookup.node(wanted);
        Optional<String> group = node.groupId().map(id -> path(lookup, node.customerId(), id));
        context.output().show(Documents.of(Node.class), node, (shown, view) -> lines(shown, group, view));
        return ExitCode.DONE.number();
    }

    private static String path(Lookup lookup, String customerId, String groupId) {
        try {
            return lookup.groups(customerId).of(groupId);
        } catch (ProblemException e) {
            // A key of this device alone may not see the customer's groups.
            return groupId;
        }
    }

    static List<String> lines(
            Node node, @SuppressWarnings("OptionalUsedAsFieldOrParameterType") Optional<String> group, View view) {
        Facts facts = new Facts().fact("Node", node.name()).fact("Id", node.nodeId());
        group.ifPresent(path -> facts.fact("Group", path));
        if (!node.labels().isEmpty()) {
            facts.fact(
                    "Labels",
                    String.join(", ", node.labels().stream().map(Word::written).toList()));
        }
        node.attributes().forEach(a -> facts.fact(a.name(), Text.shortened(a.value(), 200)));
        facts.fact("Architecture", node.arch())
                .fact("Link", link(node, view), Tone.ofState(node.online() ? "online" : "offline"))
                .fact("Daemon", node.daemonVersion().orElse("-"))
                .fact("Revision", NodeList.revision(node.revision(), node.tryingRevision()) + ", " + node.phase());
        node.step().ifPresent(step -> facts.fact("Now", step, Tone.ofState(node.phase())));
        facts.fact("Desired state", position(node))
                .fact("Memory", free(node.memoryAvailable(), node.memoryTotal()))
                .fact("Disk", free(node.diskFree(), node.diskTotal()))
                .fact("Can do", abilities(node.capabilities()));
        for (Traffic traffic : node.traffic()) {
            facts.fact(
                    "Traffic " + traffic.purpose(),
                    Sizes.of(traffic.received()) + " in, " + Sizes.of(traffic.sent()) + " out");
        }
        List<String> lines = new ArrayList<>(facts.lines(view));
        node.lastOutcome().ifPresent(outcome -> lines.addAll(outcome(outcome, view)));
        node.givenUp().stream()
                .filter(g -> node.lastOutcome().filter(g::isIn).isEmpty())
                .forEach(g -> lines.add(Text.shortened(givenUp(g, view), 1000)));
        for (Problem problem : node.problems()) {
            lines.add(view.paint(Tone.BAD, "Problem: ") + problem.sentence() + " [" + problem.code() + "]");
        }
        lines.add("");
        lines.addAll(
                node.instances().isEmpty()
                        ? List.of("No service is on this device.")
                        : InstanceTable.lines(node.instances(), view));
        for (AbsentInstance absent : node.absentInstances()) {
            lines.add(view.paint(Tone.BAD, "Absent: ")
                    + Text.shortened(
                            absent.serviceName() + ", which " + absent.groupName() + " has: "
                                    + absent.reason().sentence(),
                            1000)
                    + " [" + absent.reason().code() + "]");
        }
        return lines;
    }

    private static String link(Node node, View view) {
        return (node.online() ? "online" : "offline")
                + node.lastSeenAt()
                        .map(seen -> ", seen " + view.ago(seen) + " ago")
                        .orElse("");
    }

    private static String position(Node node) {
        return node.desiredPosition().equals(node.acceptedPosition())
                ? node.desiredPosition() + ", accepted"
                : node.desiredPosition() + "; the device has accepted " + node.acceptedPosition();
    }

    private static String free(Optional<Long> free, Optional<Long> total) {
        return free.isPresent() && total.isPresent() ? Sizes.of(free.get()) + " free of " + Sizes.of(total.get()) : "-";
    }

    private static String abilities(Capabilities can) {
        List<String> words = new ArrayList<>(can.runtimes());
        can.networkModes().forEach(mode -> words.add("network " + mode));
        words.addAll(can.features());
        words.add("cgroup v" + can.cgroup());
        return String.join(", ", words);
    }

    private static List<String> outcome(Outcome outcome, View view) {
        String head = "Last change: revision " + outcome.revision() + " "
                + view.paint(outcome.result().equals("committed") ? Tone.GOOD : Tone.BAD, outcome.result());
        List<String> lines = new ArrayList<>(outcome.reason()
                .map(reason -> InstanceTable.explanation(head + ": ", reason, view))
                .orElse(List.of(head + ".")));
        outcome.volumes().forEach(volume -> lines.add("  " + Text.shortened(volume(volume, view), 1000)));
        return lines;
    }

    private static String volume(OutcomeVolume volume, View view) {
        String kept = "Volume " + volume.volume() + " of "
                + volume.serviceName().orElse(volume.container()) + ": kept as it was by " + volume.method()
                + (volume.bytes() > 0 ? " (" + Sizes.of(volume.bytes()) + ")" : "") + " "
                + ago(volume.takenAt(), view);
        return volume.restoredAt()
                .map(restored -> kept + ", put back " + ago(restored, view) + "; what was written in between ("
                        + span(volume.takenAt(), restored, view) + ") is given up.")
                .orElse(kept + ", not put back.");
    }

    private static String givenUp(GivenUp givenUp, View view) {
        return "Given up with revision " + givenUp.revision() + ": what was written to volume " + givenUp.volume()
                + " of " + givenUp.serviceName().orElse(givenUp.container()) + " in "
                + span(givenUp.takenAt(), givenUp.restoredAt(), view) + ", until it was put back "
                + ago(givenUp.restoredAt(), view) + ".";
    }

    private static String span(long from, long until, View view) {
        return until - from < 1000 ? "less than a second" : view.span(from, until);
    }

    private static String ago(long millis, View view) {
        String age = view.ago(millis);
        return age.equals("now") ? "just now" : age + " ago";
    }
}
