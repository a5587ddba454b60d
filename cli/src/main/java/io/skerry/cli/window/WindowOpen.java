package io.skerry.cli.window;

import io.avaje.jsonb.Json;
import io.skerry.cli.api.Documents;
import io.skerry.cli.api.WindowSubject;
import io.skerry.cli.output.ExitCode;
import io.skerry.cli.session.CommandContext;
import io.skerry.cli.session.Session;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Lets what is urgent pass all windows. */
@Command(name = "open", description = "Let an urgent change of a device or an instance pass all windows for some time.")
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
        WindowSubject subject = Optional.ofNullable(which.node)
                .map(n -> new WindowSubject("node_id", session.lookup().nodeId(n)))
                .orElseGet(() -> new WindowSubject(
                        "node_service_instance_id",
                        session.lookup()
                                .instance(String.valueOf(which.instance))
                                .nodeServiceInstanceId()));
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
