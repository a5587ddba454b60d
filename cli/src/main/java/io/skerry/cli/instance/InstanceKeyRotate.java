package io.skerry.cli.instance;

import io.avaje.jsonb.Json;
import io.skerry.cli.api.Documents;
import io.skerry.cli.api.Instance;
import io.skerry.cli.output.ExitCode;
import io.skerry.cli.session.CommandContext;
import io.skerry.cli.session.Session;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Puts another API key in the place of an instance's. */
@Command(
        name = "rotate",
        description =
                "Put another API key in the place of one that an instance has; the old one stays good until the device"
                        + " has taken it up.")
public final class InstanceKeyRotate implements Callable<Integer> {
    private final CommandContext context;

    @Parameters(
            index = "0",
            paramLabel = "INSTANCE",
            description = "By id, as SERVICE@NODE, or as SERVICE while it runs on one device only.")
    private String wanted = "";

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "PATH",
            description = "Which of its keys, by the file; needed when there are several.")
    private Optional<String> path = Optional.empty();

    @Option(names = "--revoke", description = "Revoke the old one now, whether the device has the new one or not.")
    private boolean revoke;

    /** What a script reads. */
    @Json(naming = Json.Naming.LowerUnderscore)
    record Result(String injectedApiKeyId) {}

    public InstanceKeyRotate(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        Session session = context.session();
        Instance instance = session.lookup().instance(wanted);
        String id = InjectedKeyFinder.one(session, instance, path).injectedApiKeyId();
        session.fleet().rotateInjectedKey(id, revoke ? Optional.of(0L) : Optional.empty());
        context.output()
                .show(
                        Documents.of(Result.class),
                        new Result(id),
                        (shown, view) -> List.of(instance.serviceName() + " on " + instance.nodeName()
                                + " gets another key"
                                + (revoke ? "; the old one is revoked." : ".")));
        return ExitCode.DONE.number();
    }
}
