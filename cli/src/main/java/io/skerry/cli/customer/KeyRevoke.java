package io.skerry.cli.customer;

import io.avaje.jsonb.Json;
import io.skerry.cli.api.Documents;
import io.skerry.cli.output.ExitCode;
import io.skerry.cli.session.CommandContext;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Makes an API key stop working. */
@Command(name = "revoke", description = "Make an API key stop working at once.")
public final class KeyRevoke implements Callable<Integer> {
    private final CommandContext context;

    @Parameters(paramLabel = "KEY_ID", description = "Its id, as skerry key ls shows it.")
    private String id = "";

    /** What a script reads. */
    @Json(naming = Json.Naming.LowerUnderscore)
    record Result(String apiKeyId) {}

    public KeyRevoke(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        context.session().fleet().revokeKey(id);
        context.output()
                .show(
                        Documents.of(Result.class),
                        new Result(id),
                        (result, view) -> List.of("Key " + result.apiKeyId() + " doesn't work any more."));
        return ExitCode.DONE.number();
    }
}
