package io.skerry.cli.node;

import io.avaje.jsonb.Json;
import io.skerry.cli.api.Documents;
import io.skerry.cli.output.ExitCode;
import io.skerry.cli.session.CommandContext;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Lets no more devices enrol with a claim token. */
@Command(name = "revoke", description = "Let no device enrol with a claim token any more; those that did stay.")
public final class ClaimTokenRevoke implements Callable<Integer> {
    private final CommandContext context;

    @Parameters(paramLabel = "TOKEN_ID", description = "Its id, as skerry claim-token ls shows it.")
    private String id = "";

    /** What a script reads. */
    @Json(naming = Json.Naming.LowerUnderscore)
    record Result(String claimTokenId) {}

    public ClaimTokenRevoke(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        context.session().fleet().claimTokens().revoke(id);
        context.output()
                .show(
                        Documents.of(Result.class),
                        new Result(id),
                        (result, view) -> List.of("No device enrols with " + result.claimTokenId() + " any more."));
        return ExitCode.DONE.number();
    }
}
