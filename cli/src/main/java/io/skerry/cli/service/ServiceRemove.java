package io.skerry.cli.service;

import io.avaje.jsonb.Json;
import io.skerry.cli.api.Documents;
import io.skerry.cli.output.ExitCode;
import io.skerry.cli.session.CommandContext;
import io.skerry.cli.session.Session;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Removes a service, or a version of it, that nobody uses. */
@Command(
        name = "rm",
        description = {
            "Remove a service that is on no device, or one retired version of it that no device has or may go back to.",
            "On a terminal it asks first; --yes answers."
        })
public final class ServiceRemove implements Callable<Integer> {
    private final CommandContext context;

    @Parameters(index = "0", paramLabel = "SERVICE", description = "By name or id.")
    private String wanted = "";

    @Parameters(index = "1", arity = "0..1", paramLabel = "VERSION", description = "Only this version.")
    private Optional<Integer> version = Optional.empty();

    @Option(
            names = {"-y", "--yes"},
            description = "Don't ask.")
    private boolean yes;

    /** What a script reads. */
    @Json(naming = Json.Naming.LowerUnderscore)
    record Result(String nodeServiceId, Optional<Integer> containerVersion) {}

    public ServiceRemove(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        Session session = context.session();
        String id = session.lookup().serviceId(wanted);
        String what = wanted + version.map(v -> " version " + v).orElse("");
        context.confirm(yes, "Remove " + what + "?");
        version.ifPresentOrElse(
                v -> session.fleet().removeVersion(id, v), () -> session.fleet().removeService(id));
        context.output()
                .show(
                        Documents.of(Result.class),
                        new Result(id, version),
                        (result, view) -> List.of(what + " is removed."));
        return ExitCode.DONE.number();
    }
}
