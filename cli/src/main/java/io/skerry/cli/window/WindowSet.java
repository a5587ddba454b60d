package io.skerry.cli.window;

import io.avaje.jsonb.Json;
import io.skerry.cli.api.Documents;
import io.skerry.cli.api.WindowSubject;
import io.skerry.cli.output.ExitCode;
import io.skerry.cli.session.CommandContext;
import io.skerry.cli.session.Session;
import io.skerry.spec.Problem;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Says when something may be updated. */
@Command(
        name = "set",
        description = {
            "Say when the customer's devices, or those of a group, one device, or a service may be updated.",
            "What is set replaces what was set there before. A WINDOW is 02:00-04:30, 'sat,sun 02:00+90' (minutes), or once"
                    + " 2026-12-24T01:00:00Z/2026-12-24T03:00:00Z."
        })
public final class WindowSet implements Callable<Integer> {
    private final CommandContext context;

    @Mixin
    private final Subjects subjects = new Subjects();

    @Option(
            names = "--fetch",
            paramLabel = "WINDOW",
            description = "When images may be fetched; repeatable; left out: always.")
    private List<String> fetch = List.of();

    @Option(
            names = "--switch",
            paramLabel = "WINDOW",
            description = "When what runs may be changed; repeatable; left out: always.")
    private List<String> switching = List.of();

    @Option(names = "--always", description = "At any time, whatever is set further out.")
    private boolean always;

    @Option(
            names = "--time-zone",
            paramLabel = "ZONE",
            description =
                    "In which time zone windows are meant, as Europe/Berlin; 'inherit' takes that of what is around it.")
    private @Nullable String zone;

    /** What a script reads. */
    @Json
    record Result(String id) {}

    public WindowSet(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        boolean windows = always || !fetch.isEmpty() || !switching.isEmpty();
        if (!windows && zone == null) {
            throw contradiction("Nothing is to be set.").asException();
        }
        if (always && !(fetch.isEmpty() && switching.isEmpty())) {
            throw contradiction("With --always there are no windows.").asException();
        }
        Map<String, Object> wanted = new TreeMap<>();
        if (!fetch.isEmpty()) {
            wanted.put("fetching", WindowWords.parsed(fetch));
        }
        if (!switching.isEmpty()) {
            wanted.put("switching", WindowWords.parsed(switching));
        }
        Session session = context.session();
        WindowSubject subject = subjects.find(session);
        if (zone != null) {
            session.fleet()
                    .updateWindows()
                    .setTimeZone(subject, Optional.of(zone).filter(z -> !z.equals("inherit")));
        }
        if (windows) {
            session.fleet().updateWindows().set(subject, wanted);
        }
        context.output()
                .show(
                        Documents.of(Result.class),
                        new Result(subject.id()),
                        (result, view) -> List.of("Set for " + subjects.words() + "."));
        return ExitCode.DONE.number();
    }

    private static Problem contradiction(String message) {
        return new Problem(
                "usage.contradiction", message, "Give --fetch, --switch or --always, --time-zone, or one of each.");
    }
}
