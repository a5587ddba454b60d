package io.skerry.cli.instance;

import io.skerry.cli.api.Documents;
import io.skerry.cli.api.Instance;
import io.skerry.cli.api.NewConfigFile;
import io.skerry.cli.output.ExitCode;
import io.skerry.cli.session.CommandContext;
import io.skerry.cli.session.Session;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Gives one instance a configuration file. */
@Command(
        name = "set",
        description =
                "Give one instance a configuration file, or change one that it has. Its container is started anew.")
public final class ConfigSet implements Callable<Integer> {
    private final CommandContext context;

    @Parameters(
            index = "0",
            paramLabel = "INSTANCE",
            description = "By id, as SERVICE@NODE, or as SERVICE while it runs on one device only.")
    private String wanted = "";

    @Parameters(index = "1", paramLabel = "PATH", description = "Where the container finds it, absolute.")
    private String path = "";

    @Option(
            names = "--from",
            paramLabel = "FILE",
            required = true,
            description = "The file with what it is to say; - is the standard input.")
    private String from = "";

    @Option(
            names = "--mode",
            paramLabel = "MODE",
            defaultValue = "0400",
            description = "Its permissions for the container's user, octal: 0400 (default).")
    private String mode = "0400";

    @Option(names = "--plain", description = "It is no secret: 'config ls -o json' shows what it says.")
    private boolean plain;

    public ConfigSet(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        byte[] content = context.secrets().bytes(from);
        Session session = context.session();
        Instance instance = session.lookup().instance(wanted);
        session.fleet()
                .configFiles()
                .set(instance.nodeServiceInstanceId(), List.of(new NewConfigFile(path, mode, !plain, content)));
        context.output()
                .show(
                        Documents.of(Changed.class),
                        new Changed(List.of(instance.nodeServiceInstanceId())),
                        (changed, view) -> List.of(instance.serviceName() + " on " + instance.nodeName() + " has "
                                + path + " (" + content.length + " bytes)."));
        return ExitCode.DONE.number();
    }
}
