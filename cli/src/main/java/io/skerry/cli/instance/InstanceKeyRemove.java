package io.skerry.cli.instance;

import io.avaje.jsonb.Json;
import io.skerry.cli.api.Documents;
import io.skerry.cli.output.ExitCode;
import io.skerry.cli.session.CommandContext;
import io.skerry.cli.session.Session;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Takes an API key out of an instance's container. */
@Command(name = "rm", description = "Revoke an API key of an instance at once and take it out of its container.")
public final class InstanceKeyRemove implements Callable<Integer> {
    private final CommandContext context;

    @Mixin
    private final KeyOfInstance which = new KeyOfInstance();

    /** What a script reads. */
    @Json(naming = Json.Naming.LowerUnderscore)
    record Result(String injectedApiKeyId) {}

    public InstanceKeyRemove(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        Session session = context.session();
        KeyOfInstance.Found key = which.find(session);
        session.fleet().injectedKeys().remove(key.injectedApiKeyId());
        context.output()
                .show(
                        Documents.of(Result.class),
                        new Result(key.injectedApiKeyId()),
                        (shown, view) -> List.of("The key of " + key.owner() + " is revoked."));
        return ExitCode.DONE.number();
    }
}
