package io.skerry.device.revision;

import io.skerry.device.retry.BackOff;
import io.skerry.spec.Problem;
import io.skerry.spec.desired.Image;
import io.skerry.spec.status.Outcome;
import io.skerry.spec.status.Reason;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Takes the steps of one revision that are taken while everything old runs, on a thread of its own. What a retry may cure is
 * tried again without end, until it is cancelled.
 */
final class Preparation {
    private static final System.Logger LOG = System.getLogger(Preparation.class.getName());

    private final Attempt attempt;
    private final List<Step> steps;
    private final StepRunner runner;
    private final BackOff backOff;
    private final Runnable signal;
    private final Patience patience;
    private final Thread thread;
    private volatile @Nullable Problem trouble;
    private volatile @Nullable Step at;
    private volatile @Nullable End end;

    /** How it can end. */
    sealed interface End {
        /** Everything new is here. */
        record Ready() implements End {}

        /** It can't be used. */
        record Refused(Reason reason) implements End {}
    }

    /**
     * Begins.
     *
     * @param attempt when its way is {@link Way#KEEP}, it goes on even where a retry seems useless: for what is committed already
     * @param signal called when something has changed
     */
    static Preparation start(
            Attempt attempt, List<Step> steps, StepRunner runner, BackOff backOff, Ticker ticker, Runnable signal) {
        Preparation preparation = new Preparation(attempt, steps, runner, backOff, ticker, signal);
        preparation.thread.start();
        return preparation;
    }

    private Preparation(
            Attempt attempt, List<Step> steps, StepRunner runner, BackOff backOff, Ticker ticker, Runnable signal) {
        this.attempt = attempt;
        this.steps = List.copyOf(steps);
        this.runner = runner;
        this.backOff = backOff;
        this.signal = signal;
        this.patience = new Patience(ticker);
        this.at = steps.isEmpty() ? null : steps.getFirst();
        this.thread = Thread.ofVirtual()
                .name("prepare-" + attempt.revision().number())
                .unstarted(this::run);
    }

    Revision revision() {
        return attempt.revision();
    }

    /** Whether it is for what is committed already, of which something is missing. */
    boolean mends() {
        return attempt.way() == Way.KEEP;
    }

    /** What it is at. */
    Optional<Step> at() {
        return Optional.ofNullable(at);
    }

    /** How it ended, when it has. */
    Optional<End> end() {
        return Optional.ofNullable(end);
    }

    /** What keeps it from getting on at the moment. */
    Optional<Problem> trouble() {
        return Optional.ofNullable(trouble);
    }

    /**
     * What this obstacle is to whoever asked for the revision: a full disk refuses it, until there is room; a link that is
     * down only delays it.
     */
    Optional<Outcome> refusal(Problem obstacle) {
        return mends() || !obstacle.code().startsWith("disk.")
                ? Optional.empty()
                : Optional.of(new Outcome(
                        revision().number(),
                        revision().workload().digest(),
                        Outcome.Result.REFUSED,
                        Optional.of(Reason.of(obstacle)),
                        Optional.empty()));
    }

    /** Ends it at once and waits until its thread has let go of what it was doing. */
    void cancel() {
        patience.cancel();
        thread.interrupt();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try {
            while (end == null) {
                attempt();
            }
        } catch (InterruptedException | Patience.CancelledException e) {
            // Cancelled: nobody asks for the end of it any more.
            LOG.log(
                    System.Logger.Level.DEBUG,
                    "preparation of revision {0} was cancelled",
                    revision().number());
        }
    }

    private void attempt() throws InterruptedException {
        try {
            for (Step step : steps) {
                at = step;
                Optional<Reason> failure = runner.take(step, attempt, patience);
                if (failure.isPresent()) {
                    failed(named(step, failure.get()));
                    return;
                }
                trouble = null;
            }
            end = new End.Ready();
        } catch (Error e) {
            // Memory that ran out may be there again; a thread that ended without a word would be waited for without
            // end.
            LOG.log(
                    System.Logger.Level.ERROR,
                    "preparing revision " + revision().number() + " broke off",
                    e);
            failed(Reason.of(new Problem(
                    "device.fault",
                    "Preparing a revision broke off: " + e + ".",
                    "It is tried again by itself; if that doesn't help, look whether the device has memory left.")));
        } finally {
            signal.run();
        }
    }

    private void failed(Reason reason) throws InterruptedException {
        if (Thread.interrupted() || patience.cancelled()) {
            throw new InterruptedException();
        }
        trouble = reason.problem();
        if (!mends() && !curable(reason.problem())) {
            end = new End.Refused(reason);
            return;
        }
        signal.run();
        Thread.sleep(backOff.next());
    }

    /** Whether the same document may succeed later without anybody changing it. */
    static boolean curable(Problem problem) {
        String code = problem.code();
        return code.equals("registry.unreachable")
                || code.equals("registry.unauthorized")
                || code.equals("registry.not-found")
                || code.equals("registry.unavailable")
                || code.equals("content.busy")
                || code.equals("device.fault")
                || code.startsWith("disk.")
                || code.startsWith("host.")
                || code.startsWith("link.");
    }

    /** With the name of a container whose image the step is about. */
    private Reason named(Step step, Reason reason) {
        Optional<Image> image = switch (step) {
            case Step.Fetch fetch -> Optional.of(fetch.image());
            case Step.Unpack unpack -> Optional.of(unpack.image());
            default -> Optional.empty();
        };
        return image.flatMap(i -> attempt.target().containers().entrySet().stream()
                        .filter(e -> e.getValue().image().equals(i))
                        .map(Map.Entry::getKey)
                        .findFirst())
                .map(name -> new Reason(name, reason.problem(), List.of()))
                .orElse(reason);
    }
}
