package io.skerry.cli.webhook;

import io.avaje.jsonb.Json;
import io.skerry.cli.api.Documents;
import io.skerry.cli.output.ExitCode;
import io.skerry.cli.session.CommandContext;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Delivers once more. */
@Command(name = "redeliver", description = "Send a message once more, whatever became of it.")
public final class WebhookRedeliver implements Callable<Integer> {
    private final CommandContext context;

    @Parameters(paramLabel = "DELIVERY", description = "The id of a delivery, as skerry webhook deliveries lists it.")
    private String delivery = "";

    /** What a script reads. */
    @Json(naming = Json.Naming.LowerUnderscore)
    record Result(String webhookDeliveryId) {}

    public WebhookRedeliver(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        context.session().fleet().webhooks().redeliver(delivery);
        context.output()
                .show(
                        Documents.of(Result.class),
                        new Result(delivery),
                        (result, view) -> List.of("It is sent once more."));
        return ExitCode.DONE.number();
    }
}
