package io.skerry.device.revision;

import io.skerry.spec.Problem;
import io.skerry.spec.ProblemException;
import io.skerry.spec.status.Reason;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Takes the steps that change what runs, on a thread of its own. It can be cancelled between steps, where a step only waits, and
 * amid a hook, which is ended; never amid another step that acts.
 */
final class Transition {
    private static final System.Logger LOG = System.getLogger(Transition.class.getName());

    private final Attempt attempt;
    private final List<Step> steps;
    private final StepRunner runner;
    private final Runnable signal;
    private final Patience patience;
    private final Thread thread;
    private volatile @Nullable Step at;
    private final Runnable begun;
    private volatile boolean counted;
    private volatile boolean touched;
    private volatile @Nullable End end;

    /** How it can end. */
    sealed interface End {
        /** All steps were taken; on a way that goes on past failures, the first one. */
        record Done(Optional<Reason> trouble) implements End {}

        /**
         * A step failed.
         *
         * @param touched whether anything that ran was touched before
         */
        record Failed(Reason reason, boolean touched) implements End {}

        /** It was cancelled. */
        record Cancelled() implements End {}
    }

    /**
     * Begins.
     *
     * @param signal called when a step begins and at the end
     * @param begun called on the way forward before the first step that doesn't wait for leave to begin
     */
    static Transition start(
            Attempt attempt, List<Step> steps, StepRunner runner, Ticker ticker, Runnable signal, Runnable begun) {
        Transition transition = new Transition(attempt, steps, runner, ticker, signal, begun);
        transition.thread.start();
        return transition;
    }

    private Transition(
            Attempt attempt, List<Step> steps, StepRunner runner, Ticker ticker, Runnable signal, Runnable begun) {
        this.attempt = attempt;
        this.steps = List.copyOf(steps);
        this.runner = runner;
        this.signal = signal;
        this.begun = begun;
        this.patience = new Patience(ticker);
        this.at = steps.isEmpty() ? null : steps.getFirst();
        this.thread = Thread.ofVirtual()
                .name(attempt.way().word() + "-" + attempt.revision().number())
                .unstarted(this::run);
    }

    Attempt attempt() {
        return attempt;
    }

    Revision revision() {
        return attempt.revision();
    }

    Way way() {
        return attempt.way();
    }

    /** Whether it has begun, which it hasn't as long as containers put it off. */
    boolean counted() {
        return counted;
    }

    /** The step that is being taken, or about to be. */
    Optional<Step> at() {
        return Optional.ofNullable(at);
    }

    /** How it ended, when it has. */
    Optional<End> end() {
        return Optional.ofNullable(end);
    }

    /** Lets it end after what it is doing; its end is signalled. */
    void cancel() {
        patience.cancel();
    }

    /** Something may have happened that a step waits for. */
    void stir() {
        patience.signal();
    }

    /** Cancels it and waits for its end, at most this long. */
    void close(Duration limit) throws InterruptedException {
        cancel();
        thread.join(limit);
    }

    private void run() {
        try {
            end = attempt.way() == Way.FORWARD
                    ? forward()
                    : new End.Done(new SideBySide(runner, attempt, patience).takeAll(steps, this::at));
        } catch (Patience.CancelledException e) {
            LOG.log(
                    System.Logger.Level.INFO,
                    "revision {0} was given up for another",
                    revision().number());
            end = new End.Cancelled();
        } catch (Error e) {
            // A thread that ended without a word would be waited for without end.
            LOG.log(System.Logger.Level.ERROR, "revision " + revision().number() + " broke off", e);
            end = new End.Failed(
                    Reason.of(new Problem("device.fault", "Carrying out the workload broke off: " + e + ".")), true);
        } finally {
            signal.run();
        }
    }

    private End forward() {
        for (Step step : steps) {
            at(step);
            if (!counted && !(step instanceof Step.AwaitLock)) {
                try {
                    begun.run();
                } catch (ProblemException e) {
                    return new End.Failed(Reason.of(e.problem()), touched);
                }
                counted = true;
            }
            Optional<Reason> failure = runner.take(step, attempt, patience);
            if (failure.isPresent()) {
                return new End.Failed(failure.get(), touched);
            }
        }
        return new End.Done(Optional.empty());
    }

    private void at(Step step) {
        switch (step) {
            case Step.Stop _, Step.Snapshot _, Step.Restore _, Step.Start _, Step.Reboot _ -> touched = true;
            case Step.Reserve _,
                    Step.Fetch _,
                    Step.Unpack _,
                    Step.CreateVolume _,
                    Step.AwaitLock _,
                    Step.RunHook _,
                    Step.ConfigureNetwork _,
                    Step.Reach _,
                    Step.Check _,
                    Step.Commit _,
                    Step.Collect _ -> {}
        }
        at = step;
        signal.run();
    }
}
