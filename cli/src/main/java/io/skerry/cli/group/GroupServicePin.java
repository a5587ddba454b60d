package io.skerry.cli.group;

import io.avaje.jsonb.Json;
import io.skerry.cli.api.Documents;
import io.skerry.cli.api.VersionSelector;
import io.skerry.cli.output.ExitCode;
import io.skerry.cli.session.CommandContext;
import io.skerry.cli.session.Session;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Says which version a group's instances of a service follow. */
@Command(
        name = "pin",
        description =
                "Which version the instances follow that devices have by a group; those that were pinned one by one"
                        + " stay as they are.")
public final class GroupServicePin implements Callable<Integer> {
    private final CommandContext context;

    @Parameters(index = "0", paramLabel = "GROUP", description = "By path, as trains/line-1, or by id.")
    private String group = "";

    @Parameters(index = "1", paramLabel = "SERVICE", description = "By name or id.")
    private String service = "";

    @Parameters(index = "2", paramLabel = "VERSION", description = "latest, a number, or disabled.")
    private String version = "";

    /** What a script reads. */
    @Json(naming = Json.Naming.LowerUnderscore)
    record Result(String groupNodeServiceId) {}

    public GroupServicePin(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        VersionSelector selector = VersionSelector.parse(version);
        Session session = context.session();
        String id = GroupRules.id(session, group, service);
        session.fleet().groupServices().selectVersion(id, selector);
        context.output()
                .show(
                        Documents.of(Result.class),
                        new Result(id),
                        (result, view) -> List.of(service + " of " + group + " follows " + version + " now."));
        return ExitCode.DONE.number();
    }
}
