package io.skerry.cli.node;

import io.avaje.jsonb.Json;
import io.skerry.cli.api.Documents;
import io.skerry.cli.api.Node;
import io.skerry.cli.api.NodeUpdate;
import io.skerry.cli.api.Word;
import io.skerry.cli.output.ExitCode;
import io.skerry.cli.session.CommandContext;
import io.skerry.cli.session.Session;
import io.skerry.spec.Problem;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Changes what operators say of a device. */
@Command(
        name = "set",
        description = {
            "Name a device, put it into a group, and keep labels and attributes of it.",
            "A device that leaves a group loses what it had by that group, with its volumes. On a terminal it asks before; --yes answers."
        })
public final class NodeSet implements Callable<Integer> {
    private final CommandContext context;

    @Parameters(paramLabel = "NODE", description = "By name or id.")
    private String wanted = "";

    @Option(names = "--name", paramLabel = "NAME", description = "Its new name.")
    private Optional<String> name = Optional.empty();

    @Option(names = "--group", paramLabel = "GROUP", description = "The group that it is to be in, or / for none.")
    private Optional<String> group = Optional.empty();

    @Option(
            names = {"-l", "--label"},
            paramLabel = "NAME=VALUE",
            description = "A short word by which devices are selected; repeatable.")
    private Map<String, String> labels = Map.of();

    @Option(names = "--no-label", paramLabel = "NAME", description = "A label to take away; repeatable.")
    private List<String> noLabels = List.of();

    @Option(
            names = "--attribute",
            paramLabel = "NAME=TEXT",
            description = "What people keep of it, such as where it stands; repeatable.")
    private Map<String, String> attributes = Map.of();

    @Option(names = "--no-attribute", paramLabel = "NAME", description = "An attribute to take away; repeatable.")
    private List<String> noAttributes = List.of();

    @Option(
            names = {"-y", "--yes"},
            description = "Don't ask.")
    private boolean yes;

    /** What a script reads. */
    @Json(naming = Json.Naming.LowerUnderscore)
    record Result(String nodeId) {}

    public NodeSet(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        Session session = context.session();
        Node node = session.lookup().node(wanted);
        if (group.isPresent() && !node.instances().isEmpty()) {
            context.confirm(
                    yes,
                    "Put " + node.name() + " into " + group.get()
                            + "? What it has by groups that it leaves goes, with its volumes.");
        }
        var update = new NodeUpdate(
                name,
                group.map(g -> session.lookup().groups(node.customerId()).id(g).orElse("")),
                changed(node.labels(), labels, noLabels),
                changed(node.attributes(), attributes, noAttributes));
        if (update.isEmpty()) {
            throw new Problem("usage.nothing", "Nothing is to be changed.", "See skerry node set --help.")
                    .asException();
        }
        session.fleet().updateNode(node.nodeId(), update);
        context.output()
                .show(
                        Documents.of(Result.class),
                        new Result(node.nodeId()),
                        (result, view) -> List.of(name.orElse(node.name()) + " is as you said."));
        return ExitCode.DONE.number();
    }

    private static Optional<Map<String, String>> changed(
            List<Word> before, Map<String, String> more, List<String> without) {
        if (more.isEmpty() && without.isEmpty()) {
            return Optional.empty();
        }
        Map<String, String> all = new TreeMap<>();
        before.forEach(word -> all.put(word.name(), word.value()));
        all.keySet().removeAll(without);
        all.putAll(more);
        return Optional.of(all);
    }
}
