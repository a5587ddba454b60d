package io.skerry.cli.group;

import io.avaje.jsonb.Json;
import io.skerry.cli.api.Documents;
import io.skerry.cli.output.ExitCode;
import io.skerry.cli.session.CommandContext;
import io.skerry.cli.session.Session;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Makes a group. */
@Command(name = "add", description = "Make a group of devices.")
public final class GroupAdd implements Callable<Integer> {
    private final CommandContext context;

    @Parameters(
            paramLabel = "GROUP",
            description = "Its path: the groups that it is in, and its name, as trains/line-1.")
    private String path = "";

    /** What a script reads. */
    @Json(naming = Json.Naming.LowerUnderscore)
    record Result(String groupId) {}

    public GroupAdd(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        Session session = context.session();
        int slash = path.lastIndexOf('/');
        Optional<String> parent =
                slash < 0 ? Optional.empty() : session.lookup().groups().id(path.substring(0, slash));
        String id = session.fleet().createGroup(session.customer().customerId(), parent, path.substring(slash + 1));
        context.output()
                .show(Documents.of(Result.class), new Result(id), (result, view) -> List.of(path + " is there."));
        return ExitCode.DONE.number();
    }
}
