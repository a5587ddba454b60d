package io.skerry.cli.webhook;

import io.skerry.cli.api.Documents;
import io.skerry.cli.api.WebhookDelivery;
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
import picocli.CommandLine.Parameters;

/** Shows what was sent to a webhook and what is to be. */
@Command(name = "deliveries", description = "List what was sent to a webhook and what is to be, newest first.")
public final class WebhookDeliveries implements Callable<Integer> {
    private final CommandContext context;

    @Parameters(paramLabel = "WEBHOOK", description = "By name or id.")
    private String wanted = "";

    @Option(
            names = "--state",
            paramLabel = "STATE",
            description = "Only those that are waiting, aside, delivered or given-up.")
    private Optional<String> state = Optional.empty();

    @Option(names = "--take", paramLabel = "N", description = "How many, 1 to 200 (default: ${DEFAULT-VALUE}).")
    private int take = 50;

    public WebhookDeliveries(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        Session session = context.session();
        String id = session.lookup().webhook(wanted).webhookId();
        context.output()
                .show(
                        Documents.of(WebhookDelivery.class).list(),
                        session.fleet().webhooks().deliveries(id, state, take),
                        WebhookDeliveries::lines);
        return ExitCode.DONE.number();
    }

    private static List<String> lines(List<WebhookDelivery> deliveries, View view) {
        Table table = new Table(
                Column.fixed("AGE"),
                Column.fixed("EVENT"),
                Column.fixed("STATE"),
                Column.fixed("TRIES"),
                Column.fixed("STATUS"),
                Column.fixed("TOOK"),
                Column.fixed("NEXT"),
                Column.flexible("WHY"),
                Column.fixed("ID"));
        for (WebhookDelivery delivery : deliveries) {
            Optional<WebhookDelivery.Attempt> last = delivery.attempts().isEmpty()
                    ? Optional.empty()
                    : Optional.of(delivery.attempts().getLast());
            table.row(
                    Cell.dim(view.ago(delivery.createdAt())),
                    Cell.of(delivery.eventType()),
                    Cell.state(delivery.state()),
                    Cell.of(delivery.attempts().size()),
                    Cell.of(last.flatMap(WebhookDelivery.Attempt::status)
                            .map(String::valueOf)
                            .orElse("-")),
                    Cell.of(last.map(a -> a.milliseconds() + " ms").orElse("-")),
                    Cell.of(delivery.nextAt().map(at -> next(at, view)).orElse("")),
                    Cell.of(last.flatMap(WebhookDelivery.Attempt::problem)
                            .map(p -> p.message())
                            .orElse("")),
                    Cell.dim(delivery.webhookDeliveryId()));
        }
        return table.lines(view);
    }

    private static String next(long at, View view) {
        return view.isPast(at) ? "now" : "in " + view.until(at);
    }
}
