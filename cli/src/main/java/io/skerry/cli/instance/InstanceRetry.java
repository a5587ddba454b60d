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

/** Lets devices try again what failed. */
@Command(
        name = "retry",
        description = "Let the devices try again what failed on them before: what was rolled back or refused there.")
public final class InstanceRetry implements Callable<Integer> {
    private final CommandContext context;

    @Parameters(
            paramLabel = "INSTANCE",
            arity = "1..*",
            description = "By id, as SERVICE@NODE, or as SERVICE while it runs on one device only.")
    private List<String> wanted = List.of();

    public InstanceRetry(CommandContext context) {
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
        session.fleet().retryInstances(ids);
        context.output()
                .show(
                        Documents.of(Changed.class),
                        new Changed(ids),
                        (changed, view) ->
                                instances.stream().map(InstanceRetry::told).toList());
        return ExitCode.DONE.number();
    }

    private static String told(Instance instance) {
        return InstanceTable.heldBack(instance.state())
                ? instance.serviceName() + " is tried again on " + instance.nodeName() + "."
                : instance.serviceName() + " on " + instance.nodeName() + " is " + instance.state()
                        + ", so there is nothing of it to try again; what else was held back there is.";
    }
}
