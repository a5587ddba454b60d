package io.skerry.cli.group;

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

/** Takes a service from a group. */
@Command(
        name = "rm",
        description = "Take a service from a group, and off its devices, with their volumes, the instances that came by"
                + " the group. On a terminal it asks first; --yes answers.")
public final class GroupServiceRemove implements Callable<Integer> {
    private final CommandContext context;

    @Parameters(index = "0", paramLabel = "GROUP", description = "By path, as trains/line-1, or by id.")
    private String group = "";

    @Parameters(index = "1", paramLabel = "SERVICE", description = "By name or id.")
    private String service = "";

    @Option(
            names = {"-y", "--yes"},
            description = "Don't ask.")
    private boolean yes;

    /** What a script reads. */
    @Json(naming = Json.Naming.LowerUnderscore)
    record Result(String groupNodeServiceId) {}

    public GroupServiceRemove(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        Session session = context.session();
        String id = GroupRules.id(session, group, service);
        context.confirm(
                yes, "Take " + service + " from " + group + ", and its instances off the devices, with their volumes?");
        session.fleet().groupServices().remove(id);
        context.output()
                .show(
                        Documents.of(Result.class),
                        new Result(id),
                        (result, view) -> List.of(group + " has " + service + " no more."));
        return ExitCode.DONE.number();
    }
}
