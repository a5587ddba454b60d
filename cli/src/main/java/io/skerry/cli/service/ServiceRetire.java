package io.skerry.cli.service;

import io.avaje.jsonb.Json;
import io.skerry.cli.api.Documents;
import io.skerry.cli.output.ExitCode;
import io.skerry.cli.session.CommandContext;
import io.skerry.cli.session.Session;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Takes a version out of use. */
@Command(
        name = "retire",
        description = {
            "Have nobody begin to follow a version any more.",
            "Whoever is pinned to it keeps it; when it was the newest, whoever follows the newest goes back to the one before."
        })
public final class ServiceRetire implements Callable<Integer> {
    private final CommandContext context;

    @Parameters(index = "0", paramLabel = "SERVICE", description = "By name or id.")
    private String wanted = "";

    @Parameters(index = "1", paramLabel = "VERSION", description = "Which one.")
    private int version;

    @Option(names = "--undo", description = "Bring it back.")
    private boolean undo;

    /** What a script reads. */
    @Json(naming = Json.Naming.LowerUnderscore)
    record Result(String nodeServiceId, int containerVersion, boolean retired) {}

    public ServiceRetire(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        Session session = context.session();
        String id = session.lookup().serviceId(wanted);
        session.fleet().retireVersion(id, version, !undo);
        context.output()
                .show(
                        Documents.of(Result.class),
                        new Result(id, version, !undo),
                        (result, view) ->
                                List.of(wanted + " version " + version + (undo ? " is back." : " is retired.")));
        return ExitCode.DONE.number();
    }
}
