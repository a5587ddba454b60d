package io.skerry.cli.group;

import io.avaje.jsonb.Json;
import io.skerry.cli.api.Documents;
import io.skerry.cli.output.ExitCode;
import io.skerry.cli.session.CommandContext;
import io.skerry.cli.session.Session;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Removes a group that has nothing in it. */
@Command(name = "rm", description = "Remove a group that has neither groups nor devices in it.")
public final class GroupRemove implements Callable<Integer> {
    private final CommandContext context;

    @Parameters(paramLabel = "GROUP", description = "By path, as trains/line-1, or by id.")
    private String group = "";

    /** What a script reads. */
    @Json(naming = Json.Naming.LowerUnderscore)
    record Result(String groupId) {}

    public GroupRemove(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        Session session = context.session();
        String id = session.lookup().groupId(group);
        session.fleet().removeGroup(id);
        context.output()
                .show(Documents.of(Result.class), new Result(id), (result, view) -> List.of(group + " is gone."));
        return ExitCode.DONE.number();
    }
}
