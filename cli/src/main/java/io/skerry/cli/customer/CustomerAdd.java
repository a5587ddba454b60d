package io.skerry.cli.customer;

import io.avaje.jsonb.Json;
import io.skerry.cli.api.Documents;
import io.skerry.cli.output.ExitCode;
import io.skerry.cli.session.CommandContext;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Makes a customer. */
@Command(name = "add", description = "Make a customer; needs a key of the installation.")
public final class CustomerAdd implements Callable<Integer> {
    private final CommandContext context;

    @Parameters(paramLabel = "NAME", description = "Its name; no other customer has it.")
    private String name = "";

    /** What a script reads. */
    @Json(naming = Json.Naming.LowerUnderscore)
    record Result(String customerId, String name) {}

    public CustomerAdd(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        String id = context.session().fleet().createCustomer(name);
        context.output()
                .show(
                        Documents.of(Result.class),
                        new Result(id, name),
                        (result, view) ->
                                List.of("Customer " + result.name() + " is there (" + result.customerId() + ")."));
        return ExitCode.DONE.number();
    }
}
