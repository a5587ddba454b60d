package io.skerry.cli.customer;

import io.avaje.jsonb.Json;
import io.skerry.cli.api.Documents;
import io.skerry.cli.output.ExitCode;
import io.skerry.cli.session.CommandContext;
import io.skerry.cli.session.Session;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Gives a customer another name. */
@Command(name = "rename", description = "Give a customer another name; needs a key of the installation.")
public final class CustomerRename implements Callable<Integer> {
    private final CommandContext context;

    @Parameters(index = "0", paramLabel = "CUSTOMER", description = "By name or id.")
    private String wanted = "";

    @Parameters(index = "1", paramLabel = "NAME", description = "Its new name; no other customer has it.")
    private String name = "";

    /** What a script reads. */
    @Json(naming = Json.Naming.LowerUnderscore)
    record Result(String customerId) {}

    public CustomerRename(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        Session session = context.session();
        String id = session.lookup().customerId(wanted);
        session.fleet().renameCustomer(id, name);
        context.output()
                .show(
                        Documents.of(Result.class),
                        new Result(id),
                        (result, view) -> List.of(wanted + " is named " + name + " now."));
        return ExitCode.DONE.number();
    }
}
