package io.skerry.cli.customer;

import io.avaje.jsonb.Json;
import io.skerry.cli.api.Documents;
import io.skerry.cli.api.KeyRequest;
import io.skerry.cli.output.ExitCode;
import io.skerry.cli.output.Output;
import io.skerry.cli.session.CommandContext;
import io.skerry.cli.session.Session;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Makes an API key and shows it this once. */
@Command(name = "add", description = "Make an API key for the customer; it is shown this once.")
public final class KeyAdd implements Callable<Integer> {
    private final CommandContext context;

    @Parameters(paramLabel = "NAME", description = "What it is for.")
    private String name = "";

    @Option(names = "--role", paramLabel = "ROLE", description = Roles.MEANING)
    private Optional<String> role = Optional.empty();

    @Option(names = "--node", paramLabel = "NODE", description = "Make it good for this device alone; by name or id.")
    private Optional<String> node = Optional.empty();

    @Option(names = "--valid-days", paramLabel = "N", description = "For how long (default: until it is revoked).")
    private Optional<Long> validDays = Optional.empty();

    @Option(names = "--installation", description = "Make it a key of the whole installation.")
    private boolean installation;

    /** What a script reads; the key is a secret. */
    @Json(naming = Json.Naming.LowerUnderscore)
    record Result(String name, String apiKey) {
        @Override
        public String toString() {
            return "Result[name=" + name + "]";
        }
    }

    public KeyAdd(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        role.ifPresent(Roles::check);
        Session session = context.session();
        String key = session.fleet()
                .createKey(new KeyRequest(
                        installation
                                ? Optional.empty()
                                : Optional.of(session.customer().customerId()),
                        name,
                        role,
                        node.map(n -> session.lookup().nodeId(n)),
                        validDays.map(TimeUnit.DAYS::toMinutes)));
        Output output = context.output();
        output.show(Documents.of(Result.class), new Result(name, key), (result, view) -> List.of(result.apiKey()));
        output.hint("This is shown once; keep it where secrets are kept.");
        return ExitCode.DONE.number();
    }
}
