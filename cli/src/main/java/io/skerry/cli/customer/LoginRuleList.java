package io.skerry.cli.customer;

import io.skerry.cli.api.Documents;
import io.skerry.cli.api.LoginRule;
import io.skerry.cli.output.Cell;
import io.skerry.cli.output.Column;
import io.skerry.cli.output.ExitCode;
import io.skerry.cli.output.Table;
import io.skerry.cli.output.View;
import io.skerry.cli.session.CommandContext;
import io.skerry.cli.session.Session;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Shows who may log in. */
@Command(name = "ls", description = "List who may log in, and as what.")
public final class LoginRuleList implements Callable<Integer> {
    private final CommandContext context;

    @Option(names = "--installation", description = "Who may log in to the whole installation instead.")
    private boolean installation;

    public LoginRuleList(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        Session session = context.session();
        Optional<String> customer =
                installation ? Optional.empty() : Optional.of(session.customer().customerId());
        context.output()
                .show(Documents.of(LoginRule.class).list(), session.fleet().loginRules(customer), LoginRuleList::lines);
        return ExitCode.DONE.number();
    }

    static List<String> lines(List<LoginRule> rules, View view) {
        Table table = new Table(
                Column.fixed("CLAIM"),
                Column.flexible("VALUE"),
                Column.fixed("ROLE"),
                Column.fixed("AGE"),
                Column.fixed("ID"));
        rules.forEach(r -> table.row(
                Cell.of(r.claim()),
                Cell.of(r.value()),
                Cell.of(r.role()),
                Cell.dim(view.ago(r.createdAt())),
                Cell.dim(r.loginRuleId())));
        return table.lines(view);
    }
}
