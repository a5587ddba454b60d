package io.skerry.cli.node;

import io.avaje.jsonb.Json;
import io.skerry.cli.api.ClaimRequest;
import io.skerry.cli.api.Documents;
import io.skerry.cli.output.ExitCode;
import io.skerry.cli.output.Output;
import io.skerry.cli.session.CommandContext;
import io.skerry.cli.session.Session;
import io.skerry.spec.ProblemException;
import io.skerry.spec.wire.ClaimToken;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Makes a claim token for new devices. */
@Command(name = "claim", description = "Make a claim token by which new devices enrol; it is shown this once.")
public final class NodeClaim implements Callable<Integer> {
    private final CommandContext context;

    @Option(names = "--name", paramLabel = "NAME", description = "What the new device is to be called.")
    private Optional<String> name = Optional.empty();

    @Option(names = "--group", paramLabel = "GROUP", description = "In which group the devices begin, by path or id.")
    private Optional<String> group = Optional.empty();

    @Option(names = "--uses", paramLabel = "N", description = "How many devices may use it (default: 1).")
    private Optional<Integer> uses = Optional.empty();

    @Option(names = "--valid-minutes", paramLabel = "N", description = "For how long (default: 1440, a day).")
    private Optional<Integer> validMinutes = Optional.empty();

    /**
     * What a script reads; the token is a secret.
     *
     * @param claimTokenId by which it is revoked
     */
    @Json(naming = Json.Naming.LowerUnderscore)
    record Result(String claimToken, Optional<String> claimTokenId) {
        static Result of(String claimToken) {
            return new Result(claimToken, id(claimToken));
        }

        /** Tokens of a later cloud may look otherwise, and must be shown all the same. */
        private static Optional<String> id(String claimToken) {
            try {
                return Optional.of(ClaimToken.parse(claimToken).id());
            } catch (ProblemException e) {
                return Optional.empty();
            }
        }

        @Override
        public String toString() {
            return "Result[]";
        }
    }

    public NodeClaim(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        Session session = context.session();
        String token = session.fleet()
                .claimTokens()
                .create(new ClaimRequest(
                        session.customer().customerId(),
                        name,
                        group.map(session.lookup()::groupId),
                        uses,
                        validMinutes));
        Output output = context.output();
        output.show(Documents.of(Result.class), Result.of(token), (result, view) -> List.of(result.claimToken()));
        output.hint(
                "This is shown once. On the device: skerry device enrol --data DIR --cloud URL --name NAME --token-file FILE");
        return ExitCode.DONE.number();
    }
}
