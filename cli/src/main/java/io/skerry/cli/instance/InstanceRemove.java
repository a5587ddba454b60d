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

/** Takes instances off their devices. */
@Command(name = "rm", description = "Take instances off their devices, with their volumes.")
public final class InstanceRemove implements Callable<Integer> {
    private final CommandContext context;

    @Parameters(
            paramLabel = "INSTANCE",
            arity = "1..*",
            description = "By id, as SERVICE@NODE, or as SERVICE while it runs on one device only.")
    private List<String> wanted = List.of();

    public InstanceRemove(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        Session session = context.session();
        // All are found before any is changed, so that a typing mistake changes nothing.
        List<Instance> instances =
                wanted.stream().map(session.lookup()::instance).toList();
        List<String> ids =
                instances.stream().map(Instance::nodeServiceInstanceId).toList();
        session.fleet().removeInstances(ids);
        context.output()
                .show(
                        Documents.of(Changed.class),
                        new Changed(ids),
                        (changed, view) -> instances.stream()
                                .map(i -> i.serviceName() + " is taken off " + i.nodeName() + ".")
                                .toList());
        return ExitCode.DONE.number();
    }
}
