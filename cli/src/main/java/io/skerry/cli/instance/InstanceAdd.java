package io.skerry.cli.instance;

import io.avaje.jsonb.Json;
import io.skerry.cli.api.Documents;
import io.skerry.cli.api.VersionSelector;
import io.skerry.cli.output.ExitCode;
import io.skerry.cli.session.CommandContext;
import io.skerry.cli.session.Session;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Puts a service on a device. */
@Command(name = "add", description = "Put a service on a device.")
public final class InstanceAdd implements Callable<Integer> {
    private final CommandContext context;

    @Option(names = "--service", paramLabel = "SERVICE", required = true, description = "Which service, by name or id.")
    private String service = "";

    @Option(names = "--node", paramLabel = "NODE", required = true, description = "On which device, by name or id.")
    private String node = "";

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
        Session session = context.session();
        String serviceId = session.lookup().serviceId(service);
        String nodeId = session.lookup().nodeId(node);
        String id = session.fleet().addInstance(serviceId, nodeId, selector);
        context.output()
                .show(
                        Documents.of(Result.class),
                        new Result(id, serviceId, nodeId),
                        (result, view) -> List.of(service + " is put on " + node + " (instance "
                                + result.nodeServiceInstanceId() + ")."));
        return ExitCode.DONE.number();
    }
}
