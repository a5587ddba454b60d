package io.skerry.cli.webhook;

import io.skerry.cli.api.Documents;
import io.skerry.cli.output.ExitCode;
import io.skerry.cli.output.Output;
import io.skerry.cli.session.CommandContext;
import io.skerry.cli.session.Session;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Makes a webhook and shows its secret this once. */
@Command(name = "create", description = "Have a receiver told of events; its secret is shown this once.")
public final class WebhookCreate implements Callable<Integer> {
    private final CommandContext context;

    @Parameters(index = "0", paramLabel = "NAME", description = "What it is called.")
    private String name = "";

    @Parameters(index = "1", paramLabel = "URL", description = "Where messages are posted: https://…")
    private String url = "";

    @Option(
            names = {"-t", "--type"},
            paramLabel = "TYPE",
            description = "Only events of this type, as node.offline or rollout.*; repeatable (default: all).")
    private List<String> types = new ArrayList<>();

    @Option(
            names = "--group",
            paramLabel = "GROUP",
            description = "Only events about devices in this group or one within it; by path or id.")
    private Optional<String> group = Optional.empty();

    public WebhookCreate(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        Session session = context.session();
        String secret = session.fleet()
                .webhooks()
                .create(
                        session.customer().customerId(),
                        name,
                        url,
                        types,
                        group.map(g -> session.lookup().groupId(g)));
        Output output = context.output();
        output.show(
                Documents.of(ShownSecret.class),
                new ShownSecret(name, secret),
                (result, view) -> List.of(result.secret()));
        output.hint("This is shown once; the receiver needs it to know that messages are from here.");
        return ExitCode.DONE.number();
    }
}
