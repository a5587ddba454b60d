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

/** Gives a group another name. */
@Command(name = "rename", description = "Give a group another name.")
public final class GroupRename implements Callable<Integer> {
    private final CommandContext context;

    @Parameters(index = "0", paramLabel = "GROUP", description = "By path, as trains/line-1, or by id.")
    private String group = "";

    @Parameters(index = "1", paramLabel = "NAME", description = "Its new name, without the groups that it is in.")
    private String name = "";

    /** What a script reads. */
    @Json(naming = Json.Naming.LowerUnderscore)
    record Result(String groupId) {}

    public GroupRename(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        Session session = context.session();
        String id = session.lookup().groupId(group);
        session.fleet().renameGroup(id, name);
        context.output()
                .show(
                        Documents.of(Result.class),
                        new Result(id),
                        (result, view) -> List.of(group + " is named " + name + " now."));
        return ExitCode.DONE.number();
    }
}
