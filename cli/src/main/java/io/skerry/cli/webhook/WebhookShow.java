package io.skerry.cli.webhook;

import io.skerry.cli.api.Documents;
import io.skerry.cli.api.Webhook;
import io.skerry.cli.output.ExitCode;
import io.skerry.cli.output.Facts;
import io.skerry.cli.output.Tone;
import io.skerry.cli.output.View;
import io.skerry.cli.session.CommandContext;
import io.skerry.cli.session.Lookup;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Shows one webhook. */
@Command(name = "show", description = "Show one webhook: what it wants, and how its deliveries go.")
public final class WebhookShow implements Callable<Integer> {
    private final CommandContext context;

    @Parameters(paramLabel = "WEBHOOK", description = "By name or id.")
    private String wanted = "";

    public WebhookShow(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        Lookup lookup = context.session().lookup();
        Webhook webhook = lookup.webhook(wanted);
        Optional<String> group =
                webhook.groupId().map(id -> lookup.groups(webhook.customerId()).of(id));
        context.output().show(Documents.of(Webhook.class), webhook, (shown, view) -> lines(shown, group, view));
        return ExitCode.DONE.number();
    }

    private static List<String> lines(
            Webhook webhook,
            @SuppressWarnings("OptionalUsedAsFieldOrParameterType") Optional<String> group,
            View view) {
        String state = WebhookList.state(webhook);
        Facts facts = new Facts()
                .fact("Webhook", webhook.name())
                .fact("Id", webhook.webhookId())
                .fact("State", state, Tone.ofState(state))
                .fact("Url", webhook.url())
                .fact("Events", WebhookList.events(webhook))
                .fact("Devices", group.map(path -> "of group " + path).orElse("all"))
                .fact(
                        "Taken",
                        webhook.lastSuccessAt()
                                .map(at -> view.ago(at) + " ago, the last time")
                                .orElse("nothing yet"))
                .fact("Failures", failures(webhook, view));
        webhook.previousSecretUntil()
                .filter(until -> !view.isPast(until))
                .ifPresent(until ->
                        facts.fact("Secret", "rotated; the one before counts for " + view.until(until) + " more"));
        List<String> lines = new ArrayList<>(facts.lines(view));
        webhook.disabledReason()
                .ifPresent(why -> lines.add(view.paint(Tone.BAD, "Disabled: ") + why.message() + " " + why.remedy()
                        + " [" + why.code() + "]"));
        return lines;
    }

    private static String failures(Webhook webhook, View view) {
        return webhook.failingSince()
                .map(since -> webhook.failures() + " in a row, for " + view.ago(since))
                .orElse("none");
    }
}
