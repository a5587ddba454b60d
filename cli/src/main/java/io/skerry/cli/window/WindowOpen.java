package io.skerry.cli.window;

import io.avaje.jsonb.Json;
import io.skerry.cli.api.Documents;
import io.skerry.cli.api.WindowSubject;
import io.skerry.cli.output.ExitCode;
import io.skerry.cli.session.CommandContext;
import io.skerry.cli.session.Session;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Lets what is urgent pass all windows. */
@Command(name = "open", description = "Let an urgent change pass all windows for some time.")
public final class WindowOpen implements Callable<Integer> {
    private final CommandContext context;

    @ArgGroup(multiplicity = "1")
    private Which which = new Which();

    @Option(names = "--minutes", required = true, description = "From now on, at most 10080; 0 ends it.")
    private int minutes;

    @Option(names = "--reason", required = true, description = "Why, for the audit log.")
    private String reason = "";

    /** Exactly one of them. */
    static final class Which {
        @Option(names = "--node", paramLabel = "NODE", description = "A device, by name or id.")
        private @Nullable String node;

        @Option(
                names = "--instance",
                paramLabel = "INSTANCE",
                description = "By id, as SERVICE@NODE, or as SERVICE while it runs on one device only.")
        private @Nullable String instance;

        @Option(names = "--service", paramLabel = "SERVICE", description = "All instances of a service, by name or id.")
        private @Nullable String service;

        @Option(names = "--group", paramLabel = "GROUP", description = "All devices of a group, by its path or id.")
        private @Nullable String group;

        @Option(names = "--all", description = "All devices of the customer.")
        private boolean all;

        private WindowSubject find(Session session) {
            if (node != null) {
                return new WindowSubject("node_id", session.lookup().nodeId(node));
            }
            if (instance != null) {
                return new WindowSubject(
                        "node_service_instance_id",
                        session.lookup().instance(instance).nodeServiceInstanceId());
            }
            if (service != null) {
                return new WindowSubject("node_service_id", session.lookup().serviceId(service));
            }
            return all || group == null
                    ? new WindowSubject("customer_id", session.customer().customerId())
                    : new WindowSubject("group_id", session.lookup().groupId(group));
        }
    }

    /** What a script reads. */
    @Json
    record Result(String id) {}

    public WindowOpen(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        Session session = context.session();
        WindowSubject subject = which.find(session);
        session.fleet().updateWindows().open(subject, minutes, reason);
        context.output()
                .show(
                        Documents.of(Result.class),
                        new Result(subject.id()),
                        (result, view) -> List.of(
                                minutes == 0
                                        ? "It keeps to its windows again."
                                        : "Nothing of it waits for a window for " + minutes + " min."));
        return ExitCode.DONE.number();
    }
}
