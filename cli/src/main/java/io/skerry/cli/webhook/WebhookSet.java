package io.skerry.cli.webhook;

import io.skerry.cli.api.Documents;
import io.skerry.cli.api.Webhook;
import io.skerry.cli.api.WebhookUpdate;
import io.skerry.cli.output.ExitCode;
import io.skerry.cli.session.CommandContext;
import io.skerry.cli.session.Session;
import io.skerry.spec.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Changes a webhook. */
@Command(name = "set", description = "Change a webhook; what isn't named stays.")
public final class WebhookSet implements Callable<Integer> {
    private final CommandContext context;

    @Parameters(paramLabel = "WEBHOOK", description = "By name or id.")
    private String wanted = "";

    @Option(names = "--name", paramLabel = "NAME", description = "What it is called from now on.")
    private Optional<String> name = Optional.empty();

    @Option(names = "--url", paramLabel = "URL", description = "Where messages are posted from now on.")
    private Optional<String> url = Optional.empty();

    @Option(
            names = {"-t", "--type"},
            paramLabel = "TYPE",
            description = "Only events of this type from now on; repeatable.")
    private List<String> types = new ArrayList<>();

    @Option(names = "--all-types", description = "Events of all types from now on.")
    private boolean allTypes;

    @Option(
            names = "--group",
            paramLabel = "GROUP",
            description = "Only events about devices in this group from now on; / is all devices.")
    private Optional<String> group = Optional.empty();

    @ArgGroup(exclusive = true)
    private Switch state = new Switch();

    /** On or off. */
    static final class Switch {
        @Option(names = "--enable", description = "Send to it again; what happened while it was disabled isn't sent.")
        private boolean enable;

        @Option(names = "--disable", description = "Send nothing to it.")
        private boolean disable;
    }

    public WebhookSet(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        if (allTypes && !types.isEmpty()) {
            throw new Problem(
                            "usage.contradiction", "--all-types and --type say different things.", "Give one of them.")
                    .asException();
        }
        Session session = context.session();
        WebhookUpdate update = new WebhookUpdate(
                name,
                url,
                allTypes || !types.isEmpty() ? Optional.of(List.copyOf(types)) : Optional.empty(),
                group.map(g -> session.lookup().groups().id(g).orElse("")),
                state.enable ? Optional.of(true) : state.disable ? Optional.of(false) : Optional.empty());
        if (update.isEmpty()) {
            throw new Problem("usage.nothing", "Nothing is to be changed.", "See skerry webhook set --help.")
                    .asException();
        }
        Webhook webhook = session.lookup().webhook(wanted);
        session.fleet().webhooks().update(webhook.webhookId(), update);
        context.output()
                .show(
                        Documents.of(ChangedWebhook.class),
                        ChangedWebhook.of(webhook),
                        (result, view) -> List.of(result.name() + " is changed."));
        return ExitCode.DONE.number();
    }
}
