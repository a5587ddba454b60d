package io.skerry.cli.webhook;

import io.skerry.cli.api.Documents;
import io.skerry.cli.api.Webhook;
import io.skerry.cli.output.Cell;
import io.skerry.cli.output.Column;
import io.skerry.cli.output.ExitCode;
import io.skerry.cli.output.Table;
import io.skerry.cli.output.View;
import io.skerry.cli.session.CommandContext;
import io.skerry.cli.session.Session;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** Shows the customer's webhooks. */
@Command(name = "ls", description = "List the customer's webhooks, and how their deliveries go.")
public final class WebhookList implements Callable<Integer> {
    private final CommandContext context;

    public WebhookList(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        Session session = context.session();
        context.output()
                .show(
                        Documents.of(Webhook.class).list(),
                        session.fleet().webhooks().list(session.customer().customerId()),
                        WebhookList::lines);
        return ExitCode.DONE.number();
    }

    static List<String> lines(List<Webhook> webhooks, View view) {
        Table table = new Table(
                Column.fixed("NAME"),
                Column.fixed("STATE"),
                Column.flexible("URL"),
                Column.flexible("EVENTS"),
                Column.fixed("TAKEN"),
                Column.fixed("FAILURES"),
                Column.droppable("ID"));
        for (Webhook webhook : webhooks) {
            table.row(
                    Cell.of(webhook.name()),
                    Cell.state(state(webhook)),
                    Cell.of(webhook.url()),
                    Cell.of(events(webhook)),
                    Cell.dim(webhook.lastSuccessAt().map(view::ago).orElse("-")),
                    Cell.of(webhook.failures()),
                    Cell.dim(webhook.webhookId()));
        }
        return table.lines(view);
    }

    static String state(Webhook webhook) {
        return webhook.enabled() ? "enabled" : "disabled";
    }

    static String events(Webhook webhook) {
        return webhook.eventTypes().isEmpty() ? "all" : String.join(", ", webhook.eventTypes());
    }
}
