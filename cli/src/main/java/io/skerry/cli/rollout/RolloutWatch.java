package io.skerry.cli.rollout;

import io.skerry.cli.api.Documents;
import io.skerry.cli.api.Fleet;
import io.skerry.cli.api.PhasedRollout;
import io.skerry.cli.api.Rollout;
import io.skerry.cli.output.ExitCode;
import io.skerry.cli.output.Output;
import io.skerry.cli.output.Screen;
import io.skerry.cli.session.CommandContext;
import io.skerry.cli.session.Session;
import io.skerry.spec.Problem;
import io.skerry.spec.ProblemException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Follows a roll-out until it is over. */
@Command(
        name = "watch",
        description = {
            "Follow a service's newest version through the fleet until it is over.",
            "Ends with 0 when all are done, 1 when some failed or went back or when it stands (paused, waiting for",
            "approval, ended by somebody), 124 when the time is over."
        })
public final class RolloutWatch implements Callable<Integer> {
    private static final Duration BETWEEN = Duration.ofMillis(700);
    /** For how long the cloud may be silent, for example while it is restarted. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final CommandContext context;

    @Parameters(paramLabel = "SERVICE", description = "By name or id.")
    private String wanted = "";

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "600",
            description = "How long to follow it (default: 600).")
    private long timeoutSeconds = 600;

    public RolloutWatch(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        if (timeoutSeconds < 0 || timeoutSeconds > Duration.ofDays(365).toSeconds()) {
            throw new Problem("usage.timeout", "--timeout is out of bounds.", "Give a number of seconds from 0.")
                    .asException();
        }
        Session session = context.session();
        String serviceId = session.lookup().serviceId(wanted);
        Output output = context.output();
        Rollout last = followed(session.fleet(), serviceId, output);
        if (output.json()) {
            output.show(Documents.of(Rollout.class), last, (rollout, view) -> List.of());
        } else {
            output.line(output.live() ? "" : RolloutTable.summary(last, output.view()));
            RolloutTable.failures(last, output.view()).forEach(output::line);
        }
        return verdict(last, output).number();
    }

    private Rollout followed(Fleet fleet, String serviceId, Output output) {
        Progress progress = output.json() ? (before, after) -> {} : output.live() ? live(output) : lines(output);
        Instant start = context.surroundings().clock().instant();
        Instant heard = start;
        Optional<Rollout> before = Optional.empty();
        while (true) {
            Instant now = context.surroundings().clock().instant();
            try {
                Rollout rollout = fleet.rollout(serviceId);
                progress.show(before, rollout);
                before = Optional.of(rollout);
                heard = now;
                if (over(rollout)) {
                    return rollout;
                }
            } catch (ProblemException e) {
                if (before.isEmpty()
                        || !e.code().equals("cloud.unreachable")
                        || Duration.between(heard, now).compareTo(PATIENCE) > 0) {
                    throw e;
                }
            }
            if (before.isPresent() && Duration.between(start, now).toSeconds() >= timeoutSeconds) {
                return before.get();
            }
            context.surroundings().pause().of(BETWEEN);
        }
    }

    /** Shows one look after another. */
    private interface Progress {
        void show(Optional<Rollout> before, Rollout after);
    }

    private static Progress live(Output output) {
        Screen screen = new Screen(output.terminal());
        return (before, after) -> screen.draw(RolloutTable.lines(after, output.view()));
    }

    private static Progress lines(Output output) {
        return (before, after) -> before.map(b -> RolloutChanges.between(b, after))
                .orElseGet(() -> RolloutChanges.first(after))
                .forEach(output::line);
    }

    static boolean over(Rollout rollout) {
        return (rollout.inProgress() == 0 && rollout.waitingOffline() == 0)
                || standing(rollout).isPresent();
    }

    /** One that goes no further unless somebody does something, and of which no device is under way any more. */
    private static Optional<PhasedRollout> standing(Rollout rollout) {
        return rollout.phased()
                .filter(p -> !remedy(p.state(), rollout.name()).isEmpty()
                        && p.progress().updating() == 0);
    }

    private static String remedy(String state, String service) {
        return switch (state) {
            case "waiting" -> "Start it: skerry rollout start " + service + ".";
            case "paused" ->
                "Go on: skerry rollout resume " + service + ", or go back: skerry rollout revert " + service + ".";
            case "awaiting-approval" -> "Let its next phase begin: skerry rollout approve " + service + ".";
            case "aborted", "reverted" ->
                "Import another version, or begin anew: skerry rollout start " + service + ".";
            default -> "";
        };
    }

    private ExitCode verdict(Rollout rollout, Output output) {
        Optional<PhasedRollout> standing = standing(rollout);
        if (standing.isPresent()) {
            PhasedRollout it = standing.get();
            output.problem(new Problem(
                    "rollout.stands",
                    rollout.name() + " version " + rollout.containerVersion() + " is " + it.state() + ", with "
                            + it.progress().done() + " of " + it.progress().total() + " devices done"
                            + it.reason().map(why -> ": " + why.message()).orElse("."),
                    remedy(it.state(), rollout.name())));
            return ExitCode.FAILED;
        }
        if (rollout.failed() > 0 && over(rollout)) {
            output.problem(new Problem(
                    "rollout.failed",
                    rollout.name() + " version " + rollout.containerVersion() + " failed on " + rollout.failed()
                            + " of " + rollout.total() + " devices.",
                    RolloutTable.retriable(rollout)
                            ? "Import a version that works, or have it tried again: skerry instance retry INSTANCE."
                            : "Import a version that works."));
            return ExitCode.FAILED;
        }
        if (!over(rollout)) {
            Problem late = new Problem(
                    "rollout.timed-out",
                    rollout.name() + " version " + rollout.containerVersion() + " isn't done everywhere after "
                            + timeoutSeconds + " s: " + rollout.inProgress() + " in progress, "
                            + rollout.waitingOffline() + " offline, " + rollout.failed() + " failed.",
                    "It goes on without this command; watch it again.");
            output.problem(late);
            return ExitCode.of(late);
        }
        return ExitCode.DONE;
    }
}
