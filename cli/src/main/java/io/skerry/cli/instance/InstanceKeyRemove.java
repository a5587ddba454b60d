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
import picocli.CommandLine.Parameters;

/** Takes an API key out of an instance's container. */
@Command(name = "rm", description = "Revoke an API key of an instance at once and take it out of its container.")
public final class InstanceKeyRemove implements Callable<Integer> {
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

    /** What a script reads. */
    @Json(naming = Json.Naming.LowerUnderscore)
    record Result(String injectedApiKeyId) {}

    public InstanceKeyRemove(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        Session session = context.session();
        Instance instance = session.lookup().instance(wanted);
        String id = InjectedKeyFinder.one(session, instance, path).injectedApiKeyId();
        session.fleet().removeInjectedKey(id);
        context.output()
                .show(
                        Documents.of(Result.class),
                        new Result(id),
                        (shown, view) -> List.of("The key of " + instance.serviceName() + " on " + instance.nodeName()
                                + " is revoked."));
        return ExitCode.DONE.number();
    }
}
