package io.skerry.cli.instance;

import io.avaje.jsonb.Json;
import io.skerry.cli.api.Documents;
import io.skerry.cli.api.GroupService;
import io.skerry.cli.api.VersionSelector;
import io.skerry.cli.output.ExitCode;
import io.skerry.cli.session.CommandContext;
import io.skerry.cli.session.Session;
import io.skerry.spec.Problem;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Puts a service on a device, or on each device of a group. */
@Command(name = "add", description = "Put a service on a device, or on each device of a group, now and later.")
public final class InstanceAdd implements Callable<Integer> {
    private final CommandContext context;

    @Option(names = "--service", paramLabel = "SERVICE", required = true, description = "Which service, by name or id.")
    private String service = "";

    @Option(names = "--node", paramLabel = "NODE", description = "On which device, by name or id.")
    private Optional<String> node = Optional.empty();

    @Option(
            names = "--group",
            paramLabel = "GROUP",
            description = "On each device of this group, by path or id, also on those that join it later.")
    private Optional<String> group = Optional.empty();

    @Option(
            names = "--pin",
            paramLabel = "VERSION",
            defaultValue = "latest",
            description = "Which version it follows: latest (default), a number, or disabled.")
    private String version = "latest";

    /** What a script reads. */
    @Json(naming = Json.Naming.LowerUnderscore)
    record Result(String nodeServiceInstanceId, String nodeServiceId, String nodeId) {}

    public InstanceAdd(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        VersionSelector selector = VersionSelector.parse(version);
        if (node.isPresent() == group.isPresent()) {
            throw new Problem("usage.arguments", "Say either --node or --group.", "See skerry instance add --help.")
                    .asException();
        }
        node.ifPresent(name -> addTo(name, selector));
        group.ifPresent(path -> addToGroup(path, selector));
        return ExitCode.DONE.number();
    }

    private void addTo(String name, VersionSelector selector) {
        Session session = context.session();
        String serviceId = session.lookup().serviceId(service);
        String nodeId = session.lookup().nodeId(name);
        String id = session.fleet().addInstance(serviceId, nodeId, selector);
        context.output()
                .show(
                        Documents.of(Result.class),
                        new Result(id, serviceId, nodeId),
                        (result, view) -> List.of(service + " is put on " + name + " (instance "
                                + result.nodeServiceInstanceId() + ")."));
    }

    private void addToGroup(String path, VersionSelector selector) {
        Session session = context.session();
        String serviceId = session.lookup().serviceId(service);
        String groupId = session.lookup().groupId(path);
        String id = session.fleet().groupServices().add(groupId, serviceId, selector);
        context.output()
                .show(
                        Documents.of(GroupService.class),
                        session.fleet().groupServices().get(id),
                        (rule, view) -> List.of(service + " is put on " + rule.instanceCount() + " devices of " + path
                                + (rule.instanceCount() == 0 ? ", now; those that have it already keep theirs" : "")
                                + (rule.absentCount() == 0
                                        ? "."
                                        : "; " + rule.absentCount() + " can't have it: skerry group service absent "
                                                + path + " " + service)));
    }
}
