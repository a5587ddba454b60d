package io.skerry.cli.instance;

import io.skerry.cli.api.Documents;
import io.skerry.cli.api.Instance;
import io.skerry.cli.api.InstanceFilter;
import io.skerry.cli.output.ExitCode;
import io.skerry.cli.session.CommandContext;
import io.skerry.cli.session.Lookup;
import io.skerry.cli.session.Session;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Shows which service runs on which device. */
@Command(name = "ls", description = "List which service runs where, and how it is there.")
public final class InstanceList implements Callable<Integer> {
    private final CommandContext context;

    @Option(names = "--service", paramLabel = "SERVICE", description = "Only those of this service.")
    private Optional<String> service = Optional.empty();

    @Option(names = "--node", paramLabel = "NODE", description = "Only those on this device.")
    private Optional<String> node = Optional.empty();

    public InstanceList(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        Session session = context.session();
        Lookup lookup = session.lookup();
        InstanceFilter filter = new InstanceFilter(
                session.customer().customerId(), service.map(lookup::serviceId), node.map(lookup::nodeId));
        context.output()
                .show(Documents.of(Instance.class).list(), session.fleet().instances(filter), InstanceTable::lines);
        return ExitCode.DONE.number();
    }
}
