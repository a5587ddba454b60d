package io.skerry.cli.instance;

import io.skerry.cli.api.Documents;
import io.skerry.cli.api.Instance;
import io.skerry.cli.api.VersionSelector;
import io.skerry.cli.output.ExitCode;
import io.skerry.cli.session.CommandContext;
import io.skerry.cli.session.Session;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Chooses which version an instance follows. */
@Command(name = "pin", description = "Choose which version an instance follows.")
public final class InstancePin implements Callable<Integer> {
    private final CommandContext context;

    @Parameters(
            index = "0",
            paramLabel = "INSTANCE",
            description = "By id, as SERVICE@NODE, or as SERVICE while it runs on one device only.")
    private String wanted = "";

    @Parameters(
            index = "1",
            paramLabel = "VERSION",
            description = "latest, a version's number, or disabled: whatever runs there now, unattended.")
    private String version = "";

    public InstancePin(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        VersionSelector selector = VersionSelector.parse(version);
        Session session = context.session();
        Instance instance = session.lookup().instance(wanted);
        List<String> ids = List.of(instance.nodeServiceInstanceId());
        session.fleet().selectVersion(ids, selector);
        context.output()
                .show(
                        Documents.of(Changed.class),
                        new Changed(ids),
                        (changed, view) -> List.of(instance.serviceName() + " on " + instance.nodeName() + " follows "
                                + following(selector) + "."));
        return ExitCode.DONE.number();
    }

    private static String following(VersionSelector selector) {
        String brief = VersionSelector.brief(selector.value());
        return switch (brief) {
            case "latest" -> "the latest version";
            case "disabled" -> "nothing; what runs there now is left alone";
            default -> "version " + brief;
        };
    }
}
