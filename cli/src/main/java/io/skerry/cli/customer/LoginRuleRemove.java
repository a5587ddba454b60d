package io.skerry.cli.customer;

import io.avaje.jsonb.Json;
import io.skerry.cli.api.Documents;
import io.skerry.cli.output.ExitCode;
import io.skerry.cli.session.CommandContext;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Lets people log in no more. */
@Command(name = "rm", description = "Remove a rule; the logins that came by it end at once.")
public final class LoginRuleRemove implements Callable<Integer> {
    private final CommandContext context;

    @Parameters(paramLabel = "RULE_ID", description = "Its id, as skerry login-rule ls shows it.")
    private String id = "";

    /** What a script reads. */
    @Json(naming = Json.Naming.LowerUnderscore)
    record Result(String loginRuleId) {}

    public LoginRuleRemove(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        context.session().fleet().removeLoginRule(id);
        context.output()
                .show(
                        Documents.of(Result.class),
                        new Result(id),
                        (result, view) -> List.of("Rule " + result.loginRuleId() + " is gone, and its logins ended."));
        return ExitCode.DONE.number();
    }
}
