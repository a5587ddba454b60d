package io.skerry.cli.instance;

import io.skerry.cli.api.Documents;
import io.skerry.cli.api.Instance;
import io.skerry.cli.output.ExitCode;
import io.skerry.cli.session.CommandContext;
import io.skerry.cli.session.Session;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Takes configuration files away from one instance. */
@Command(name = "rm", description = "Take configuration files away from one instance. Its container is started anew.")
public final class ConfigRemove implements Callable<Integer> {
    private final CommandContext context;

    @Parameters(
            index = "0",
            paramLabel = "INSTANCE",
            description = "By id, as SERVICE@NODE, or as SERVICE while it runs on one device only.")
    private String wanted = "";

    @Parameters(index = "1..*", arity = "1..*", paramLabel = "PATH", description = "Which, as 'config ls' shows them.")
    private List<String> paths = List.of();

    public ConfigRemove(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        Session session = context.session();
        Instance instance = session.lookup().instance(wanted);
        session.fleet().configFiles().remove(instance.nodeServiceInstanceId(), paths);
        context.output()
                .show(
                        Documents.of(Changed.class),
                        new Changed(List.of(instance.nodeServiceInstanceId())),
                        (changed, view) -> List.of(instance.serviceName() + " on " + instance.nodeName() + " has no "
                                + String.join(", ", paths) + " any more."));
        return ExitCode.DONE.number();
    }
}
