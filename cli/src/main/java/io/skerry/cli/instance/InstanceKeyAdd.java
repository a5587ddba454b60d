package io.skerry.cli.instance;

import io.avaje.jsonb.Json;
import io.skerry.cli.api.Documents;
import io.skerry.cli.api.Instance;
import io.skerry.cli.api.NewInjectedKey;
import io.skerry.cli.output.ExitCode;
import io.skerry.cli.session.CommandContext;
import io.skerry.cli.session.Session;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Makes an API key that an instance finds in its container. */
@Command(
        name = "add",
        description =
                "Make an API key that one instance finds in a file of its container; nobody is shown it. The container"
                        + " is started anew.")
public final class InstanceKeyAdd implements Callable<Integer> {
    private static final long HOUR = 60;
    private static final long DAY = 24 * HOUR;

    private final CommandContext context;

    @Parameters(
            index = "0",
            paramLabel = "INSTANCE",
            description = "By id, as SERVICE@NODE, or as SERVICE while it runs on one device only.")
    private String wanted = "";

    @Option(
            names = "--role",
            paramLabel = "ROLE",
            description = "viewer (default), deployer, operator or admin; no higher than that of your own key.")
    private Optional<String> role = Optional.empty();

    @Option(
            names = "--whole-customer",
            description = "Good for all that the customer has, rather than for the instance's device alone.")
    private boolean wholeCustomer;

    @Option(
            names = "--path",
            paramLabel = "PATH",
            description = "Where the container finds it (default: /run/secrets/skerry-api-key).")
    private Optional<String> path = Optional.empty();

    @Option(names = "--mode", paramLabel = "MODE", description = "The file's permissions, octal (default: 0400).")
    private Optional<String> mode = Optional.empty();

    @Option(names = "--rotate-days", paramLabel = "N", description = "How often another takes its place by itself.")
    private Optional<Long> rotateDays = Optional.empty();

    @Option(
            names = "--overlap-hours",
            paramLabel = "N",
            description = "The longest that an earlier one stays good whose device is away (default: 168, a week).")
    private Optional<Long> overlapHours = Optional.empty();

    /** What a script reads. */
    @Json(naming = Json.Naming.LowerUnderscore)
    record Result(String injectedApiKeyId) {}

    public InstanceKeyAdd(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        Session session = context.session();
        Instance instance = session.lookup().instance(wanted);
        String id = session.fleet()
                .injectedKeys()
                .inject(new NewInjectedKey(
                        instance.nodeServiceInstanceId(),
                        role,
                        wholeCustomer,
                        path,
                        mode,
                        rotateDays.map(days -> days * DAY),
                        overlapHours.map(hours -> hours * HOUR)));
        context.output()
                .show(
                        Documents.of(Result.class),
                        new Result(id),
                        (shown, view) -> List.of(instance.serviceName() + " on " + instance.nodeName() + " finds a "
                                + role.orElse("viewer") + "'s key in "
                                + path.orElse("/run/secrets/skerry-api-key") + "."));
        return ExitCode.DONE.number();
    }
}
