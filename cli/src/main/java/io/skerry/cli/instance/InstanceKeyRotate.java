package io.skerry.cli.instance;

import io.avaje.jsonb.Json;
import io.skerry.cli.api.Documents;
import io.skerry.cli.output.ExitCode;
import io.skerry.cli.session.CommandContext;
import io.skerry.cli.session.Session;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Puts another API key in the place of an instance's. */
@Command(
        name = "rotate",
        description =
                "Put another API key in the place of one that an instance has; the old one stays good until the device"
                        + " has taken it up.")
public final class InstanceKeyRotate implements Callable<Integer> {
    private final CommandContext context;

    @Mixin
    private final KeyOfInstance which = new KeyOfInstance();

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
        KeyOfInstance.Found key = which.find(session);
        session.fleet().injectedKeys().rotate(key.injectedApiKeyId(), revoke ? Optional.of(0L) : Optional.empty());
        context.output()
                .show(
                        Documents.of(Result.class),
                        new Result(key.injectedApiKeyId()),
                        (shown, view) -> List.of(
                                key.owner() + " gets another key" + (revoke ? "; the old one is revoked." : ".")));
        return ExitCode.DONE.number();
    }
}
