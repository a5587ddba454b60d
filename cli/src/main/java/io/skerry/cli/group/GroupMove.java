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
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Puts a group into another one. */
@Command(
        name = "mv",
        description =
                "Put a group with all that is in it into another one. Its devices get that one's services, and lose what they had"
                        + " by groups that they leave, with its volumes. On a terminal it asks first; --yes answers.")
public final class GroupMove implements Callable<Integer> {
    private final CommandContext context;

    @Parameters(index = "0", paramLabel = "GROUP", description = "By path, as trains/line-1, or by id.")
    private String group = "";

    @Parameters(index = "1", paramLabel = "INTO", description = "The group that it is to be in, or / for none.")
    private String into = "";

    @Option(
            names = {"-y", "--yes"},
            description = "Don't ask.")
    private boolean yes;

    /** What a script reads. */
    @Json(naming = Json.Naming.LowerUnderscore)
    record Result(String groupId) {}

    public GroupMove(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        Session session = context.session();
        String id = session.lookup().groupId(group);
        Optional<String> parent = session.lookup().groups().id(into);
        context.confirm(
                yes,
                "Put " + group + " into " + into
                        + "? What its devices have by groups that they leave goes, with its volumes.");
        session.fleet().moveGroup(id, parent);
        context.output()
                .show(
                        Documents.of(Result.class),
                        new Result(id),
                        (result, view) -> List.of(group + " is in " + into + " now."));
        return ExitCode.DONE.number();
    }
}
