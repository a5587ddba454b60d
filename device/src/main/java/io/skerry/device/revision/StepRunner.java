package io.skerry.device.revision;

import io.skerry.device.revision.JournalEntry.Mark;
import io.skerry.spec.Problem;
import io.skerry.spec.ProblemException;
import io.skerry.spec.status.Reason;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Takes steps, each written down before and after. On the way to a new revision a step that can't be written down isn't taken,
 * unless it only waits or looks; on the way back it is, because a disk that takes nothing must not keep the committed revision
 * from running.
 */
final class StepRunner {
    private static final System.Logger LOG = System.getLogger(StepRunner.class.getName());

    private final RevisionStore store;
    private final StepEffects effects;
    private final Hands hands;
    private final InstantSource clock;
    private final ReentrantLock writing = new ReentrantLock();

    StepRunner(RevisionStore store, StepEffects effects, Hands hands, InstantSource clock) {
        this.store = store;
        this.effects = effects;
        this.hands = hands;
        this.clock = clock;
    }

    /**
     * Takes a step.
     *
     * @return why it failed
     * @throws Patience.CancelledException when it was cancelled before it was done
     */
    Optional<Reason> take(Step step, Attempt attempt, Patience patience) {
        patience.check();
        Optional<Reason> failure;
        try {
            note(step, attempt, Mark.BEGUN, Optional.empty());
            failure = effects.carryOut(step, attempt, patience);
        } catch (ProblemException e) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    step.words() + ": " + e.problem().sentence(),
                    e);
            failure = Optional.of(reason(step, e.problem()));
        } catch (Patience.CancelledException e) {
            throw e;
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.ERROR, step.words() + " failed", e);
            failure = Optional.of(
                    reason(step, new Problem("device.internal", "It failed to " + step.words() + ": " + e + ".")));
        }
        if (failure.isPresent()) {
            noteIfPossible(step, attempt, Mark.FAILED, failure.map(Reason::problem));
        } else {
            noteIfPossible(step, attempt, Mark.DONE, Optional.empty());
        }
        return failure;
    }

    private Reason reason(Step step, Problem problem) {
        Slot slot = step instanceof Step.Start start ? start.slot() : Slot.MAIN;
        return step.about()
                .map(name -> new Reason(name, problem, LogTail.of(hands.containers(), name, slot)))
                .orElse(Reason.of(problem));
    }

    private void note(Step step, Attempt attempt, Mark mark, Optional<Problem> problem) {
        if (attempt.way() == Way.FORWARD && acts(step)) {
            write(step, attempt, mark, problem);
        } else {
            noteIfPossible(step, attempt, mark, problem);
        }
    }

    private void noteIfPossible(Step step, Attempt attempt, Mark mark, Optional<Problem> problem) {
        try {
            write(step, attempt, mark, problem);
        } catch (ProblemException e) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "'" + step.words() + "' can't be noted as " + mark.word() + ": "
                            + e.problem().sentence(),
                    e);
        }
    }

    private void write(Step step, Attempt attempt, Mark mark, Optional<Problem> problem) {
        if (attempt.revision().number() == 0) {
            return;
        }
        writing.lock();
        try {
            store.journal(attempt.revision())
                    .append(
                            new JournalEntry(
                                    step.preparing() ? 0 : store.attempts(attempt.revision()),
                                    attempt.way(),
                                    step.words(),
                                    kind(step),
                                    mark,
                                    hands.machine().bootId(),
                                    clock.millis(),
                                    problem),
                            isAwaited(step, attempt.way(), mark));
        } finally {
            writing.unlock();
        }
    }

    /**
     * Whether a line must be on the disk before anything else happens. Nobody asks after a loss of power what was done, and what
     * keeps the committed revision running is planned anew then; a sync for each would only keep the containers waiting.
     */
    private static boolean isAwaited(Step step, Way way, Mark mark) {
        return switch (mark) {
            case BEGUN -> way != Way.KEEP && acts(step);
            case DONE -> false;
            case FAILED -> true;
        };
    }

    /** Whether it does more than wait or look. */
    private static boolean acts(Step step) {
        return switch (step) {
            case Step.AwaitLock _, Step.Reach _, Step.Check _ -> false;
            case Step.Reserve _,
                    Step.Fetch _,
                    Step.Unpack _,
                    Step.CreateVolume _,
                    Step.RunHook _,
                    Step.Stop _,
                    Step.Snapshot _,
                    Step.Restore _,
                    Step.Reboot _,
                    Step.ConfigureNetwork _,
                    Step.Start _,
                    Step.Commit _,
                    Step.Collect _ -> true;
        };
    }

    /** As plans name it. */
    static String kind(Step step) {
        return switch (step) {
            case Step.Reserve _ -> "reserve";
            case Step.Fetch _ -> "fetch";
            case Step.Unpack _ -> "unpack";
            case Step.CreateVolume _ -> "create-volume";
            case Step.AwaitLock _ -> "await-lock";
            case Step.RunHook _ -> "run-hook";
            case Step.Stop _ -> "stop";
            case Step.Snapshot _ -> "snapshot";
            case Step.Restore _ -> "restore";
            case Step.Reboot _ -> "reboot";
            case Step.ConfigureNetwork _ -> "configure-network";
            case Step.Start _ -> "start";
            case Step.Reach _ -> "reach";
            case Step.Check _ -> "check";
            case Step.Commit _ -> "commit";
            case Step.Collect _ -> "collect";
        };
    }
}
