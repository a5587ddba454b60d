package io.skerry.cli.customer;

import io.avaje.jsonb.Json;
import io.skerry.cli.api.Documents;
import io.skerry.cli.output.ExitCode;
import io.skerry.cli.output.Output;
import io.skerry.cli.session.CommandContext;
import io.skerry.cli.session.Session;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Makes an API key and shows it this once. */
@Command(name = "add", description = "Make an API key for the customer; it is shown this once.")
public final class KeyAdd implements Callable<Integer> {
    private final CommandContext context;

    @Parameters(paramLabel = "NAME", description = "What it is for.")
    private String name = "";

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
        Session session = context.session();
        String key = installation
                ? session.fleet().createInstallationKey(name)
                : session.fleet().createKey(session.customer().customerId(), name);
        Output output = context.output();
        output.show(Documents.of(Result.class), new Result(name, key), (result, view) -> List.of(result.apiKey()));
        output.hint("This is shown once; keep it where secrets are kept.");
        return ExitCode.DONE.number();
    }
}
