package io.skerry.cli.webhook;

import io.skerry.cli.api.Documents;
import io.skerry.cli.api.Webhook;
import io.skerry.cli.output.ExitCode;
import io.skerry.cli.output.Output;
import io.skerry.cli.session.CommandContext;
import io.skerry.cli.session.Session;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Gives a webhook another secret and shows it this once. */
@Command(name = "rotate", description = "Give a webhook another secret, which is shown this once.")
public final class WebhookRotate implements Callable<Integer> {
    private final CommandContext context;

    @Parameters(paramLabel = "WEBHOOK", description = "By name or id.")
    private String wanted = "";

    @Option(
            names = "--overlap-minutes",
            paramLabel = "N",
            description =
                    "For how long messages are signed with the secret before as well (default: ${DEFAULT-VALUE}).")
    private int overlapMinutes = 24 * 60;

    public WebhookRotate(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        Session session = context.session();
        Webhook webhook = session.lookup().webhook(wanted);
        String secret = session.fleet().webhooks().rotateSecret(webhook.webhookId(), overlapMinutes);
        Output output = context.output();
        output.show(
                Documents.of(ShownSecret.class),
                new ShownSecret(webhook.name(), secret),
                (result, view) -> List.of(result.secret()));
        output.hint(
                "This is shown once. Messages are signed with the one before as well for " + overlapMinutes + " min.");
        return ExitCode.DONE.number();
    }
}
