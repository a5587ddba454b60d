package io.skerry.cli.node;

import io.avaje.jsonb.Json;
import io.skerry.cli.api.Documents;
import io.skerry.cli.api.Node;
import io.skerry.cli.output.ExitCode;
import io.skerry.cli.session.CommandContext;
import io.skerry.cli.session.Session;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Forgets a device. */
@Command(
        name = "rm",
        description = {
            "Forget a device and refuse its certificate from now on; its instances go with it.",
            "On a terminal it asks first; --yes answers."
        })
public final class NodeRemove implements Callable<Integer> {
    private final CommandContext context;

    @Parameters(paramLabel = "NODE", description = "By name or id.")
    private String wanted = "";

    @Option(
            names = {"-y", "--yes"},
            description = "Don't ask.")
    private boolean yes;

    /** What a script reads. */
    @Json(naming = Json.Naming.LowerUnderscore)
    record Result(String nodeId, String name) {}

    public NodeRemove(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        Session session = context.session();
        Node node = session.lookup().node(wanted);
        context.confirm(
                yes, "Forget " + node.name() + " and its " + node.instances().size() + " instances?");
        session.fleet().removeNode(node.nodeId());
        context.output()
                .show(
                        Documents.of(Result.class),
                        new Result(node.nodeId(), node.name()),
                        (result, view) -> List.of(result.name() + " is forgotten, and its certificate refused."));
        return ExitCode.DONE.number();
    }
}
