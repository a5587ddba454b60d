package io.skerry.cli.customer;

import io.avaje.jsonb.Json;
import io.skerry.cli.api.Documents;
import io.skerry.cli.output.ExitCode;
import io.skerry.cli.session.CommandContext;
import io.skerry.cli.session.Session;
import io.skerry.spec.Problem;
import io.skerry.spec.Text;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Lets people log in. */
@Command(name = "add", description = "Let people log in of whom the OpenID provider says this.")
public final class LoginRuleAdd implements Callable<Integer> {
    private static final List<String> CLAIMS = List.of("email", "sub", "group");

    private final CommandContext context;

    @Parameters(
            index = "0",
            paramLabel = "CLAIM",
            description = "email (a verified address), sub (the provider's own name for one person) or group.")
    private String claim = "";

    @Parameters(index = "1", paramLabel = "VALUE", description = "What the provider must say there.")
    private String value = "";

    @Option(names = "--role", paramLabel = "ROLE", description = Roles.MEANING)
    private Optional<String> role = Optional.empty();

    @Option(names = "--installation", description = "Let them log in to the whole installation.")
    private boolean installation;

    /** What a script reads. */
    @Json(naming = Json.Naming.LowerUnderscore)
    record Result(String loginRuleId, String claim, String value) {}

    public LoginRuleAdd(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        role.ifPresent(Roles::check);
        if (!CLAIMS.contains(claim)) {
            throw new Problem(
                            "usage.claim",
                            "A login rule can't be about '" + Text.shortened(claim, 40) + "'.",
                            "Use one of " + String.join(", ", CLAIMS) + ".")
                    .asException();
        }
        Session session = context.session();
        Optional<String> customer =
                installation ? Optional.empty() : Optional.of(session.customer().customerId());
        String id = session.fleet().createLoginRule(customer, claim, value, role);
        context.output()
                .show(
                        Documents.of(Result.class),
                        new Result(id, claim, value),
                        (result, view) -> List.of("Whoever has " + result.claim() + " " + result.value()
                                + " may log in now (rule " + result.loginRuleId() + ")."));
        return ExitCode.DONE.number();
    }
}
