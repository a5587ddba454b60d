package io.skerry.cli.webhook;

import io.skerry.cli.api.Documents;
import io.skerry.cli.api.Webhook;
import io.skerry.cli.output.ExitCode;
import io.skerry.cli.session.CommandContext;
import io.skerry.cli.session.Session;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Removes a webhook. */
@Command(name = "rm", description = "Remove a webhook with all that was to be sent to it.")
public final class WebhookRemove implements Callable<Integer> {
    private final CommandContext context;

    @Parameters(paramLabel = "WEBHOOK", description = "By name or id.")
    private String wanted = "";

    public WebhookRemove(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        Session session = context.session();
        Webhook webhook = session.lookup().webhook(wanted);
        session.fleet().webhooks().remove(webhook.webhookId());
        context.output()
                .show(
                        Documents.of(ChangedWebhook.class),
                        ChangedWebhook.of(webhook),
                        (result, view) -> List.of(result.name() + " is gone."));
        return ExitCode.DONE.number();
    }
}
