package io.skerry.cli.webhook;

import io.avaje.jsonb.Json;
import io.skerry.cli.api.Documents;
import io.skerry.cli.api.Webhook;
import io.skerry.cli.api.WebhookDelivery;
import io.skerry.cli.output.ExitCode;
import io.skerry.cli.session.CommandContext;
import io.skerry.cli.session.Session;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Sends a ping and waits for how the receiver answers. */
@Command(name = "test", description = "Send a ping at once, and show how the receiver answers.")
public final class WebhookPing implements Callable<Integer> {
    /** An attempt takes 15 s at most, and begins within a few. */
    private static final int MOST_LOOKS = 25;

    private static final Duration BETWEEN = Duration.ofSeconds(1);
    private static final int SEEN = 100;

    private final CommandContext context;

    @Parameters(paramLabel = "WEBHOOK", description = "By name or id.")
    private String wanted = "";

    /** What a script reads. */
    @Json(naming = Json.Naming.LowerUnderscore)
    record Result(String webhookDeliveryId, boolean delivered, Optional<WebhookDelivery.Attempt> attempt) {}

    public WebhookPing(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        Session session = context.session();
        Webhook webhook = session.lookup().webhook(wanted);
        String delivery = session.fleet().webhooks().test(webhook.webhookId());
        Optional<WebhookDelivery.Attempt> attempt = first(session, webhook.webhookId(), delivery);
        boolean delivered = attempt.filter(a -> a.problem().isEmpty()).isPresent();
        context.output()
                .show(
                        Documents.of(Result.class),
                        new Result(delivery, delivered, attempt),
                        (result, view) -> List.of(words(webhook.name(), attempt)));
        return delivered ? ExitCode.DONE.number() : ExitCode.FAILED.number();
    }

    private Optional<WebhookDelivery.Attempt> first(Session session, String webhookId, String delivery) {
        for (int i = 0; i < MOST_LOOKS; i++) {
            context.surroundings().pause().of(BETWEEN);
            Optional<WebhookDelivery.Attempt> first =
                    session.fleet().webhooks().deliveries(webhookId, Optional.empty(), SEEN).stream()
                            .filter(d -> d.webhookDeliveryId().equals(delivery))
                            .flatMap(d -> d.attempts().stream())
                            .findFirst();
            if (first.isPresent()) {
                return first;
            }
        }
        return Optional.empty();
    }

    private static String words(
            String name,
            @SuppressWarnings("OptionalUsedAsFieldOrParameterType") Optional<WebhookDelivery.Attempt> attempt) {
        return attempt.map(a -> a.problem()
                        .map(p -> name + " didn't take it: " + p.message() + " " + p.remedy() + " [" + p.code() + "]")
                        .orElseGet(() -> name + " took it within " + a.milliseconds() + " ms."))
                .orElse("It isn't known yet how " + name + " answers; see skerry webhook deliveries " + name + ".");
    }
}
