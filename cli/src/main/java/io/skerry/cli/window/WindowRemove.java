package io.skerry.cli.window;

import io.avaje.jsonb.Json;
import io.skerry.cli.api.Documents;
import io.skerry.cli.api.WindowSubject;
import io.skerry.cli.output.ExitCode;
import io.skerry.cli.session.CommandContext;
import io.skerry.cli.session.Session;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Takes windows away. */
@Command(
        name = "rm",
        description = "Take the windows away that were set there, so that those of what is around it count again.")
public final class WindowRemove implements Callable<Integer> {
    private final CommandContext context;

    @Mixin
    private final Subjects subjects = new Subjects();

    /** What a script reads. */
    @Json
    record Result(String id) {}

    public WindowRemove(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        Session session = context.session();
        WindowSubject subject = subjects.find(session);
        session.fleet().updateWindows().remove(subject);
        context.output()
                .show(
                        Documents.of(Result.class),
                        new Result(subject.id()),
                        (result, view) -> List.of("The windows of " + subjects.words() + " are gone."));
        return ExitCode.DONE.number();
    }
}
