package io.skerry.device.revision;

import io.skerry.spec.Problem;
import io.skerry.spec.ProblemException;
import io.skerry.spec.desired.Workload;
import io.skerry.spec.status.Outcome.Result;
import io.skerry.spec.status.Reason;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Gets on with what is wanted: has it prepared, and switches to it once it is ready. For the engine's thread. */
final class Pursuit {
    private final Progress progress;
    private final RevisionStore store;
    private final Images images;
    private final Demand demand;
    private final Outcomes outcomes;
    private final Shortages shortages;
    private final Preparations preparations;
    private final Transitions transitions;
    private final Runnable signal;
    private Admission admission;

    /** @param signal called when the engine should look again */
    Pursuit(
            Progress progress,
            RevisionStore store,
            Images images,
            Demand demand,
            Outcomes outcomes,
            Shortages shortages,
            Preparations preparations,
            Transitions transitions,
            Runnable signal) {
        this.progress = progress;
        this.store = store;
        this.images = images;
        this.demand = demand;
        this.outcomes = outcomes;
        this.shortages = shortages;
        this.preparations = preparations;
        this.transitions = transitions;
        this.signal = signal;
        this.admission = new Admission(progress.committed().workload(), true, List.of());
    }

    /** What might be got to when it was last looked at. */
    Admission admission() {
        return admission;
    }

    /** Takes the next decision; what hinders it, such as a full disk, must not keep what is committed from running. */
    Optional<ProblemException> goOn() {
        try {
            admission = demand.admission(progress.committed().workload(), this::begun, preparations.coming());
            aimAt(admission.aim());
            preparations.outOfRoom().ifPresent(this::leaveOut);
            preparations.takeEnded().ifPresent(this::prepared);
            switchToReady();
            return Optional.empty();
        } catch (ProblemException e) {
            return Optional.of(e);
        }
    }

    /** What is being switched to and has begun to change what runs: no window that closes ends it. */
    private Optional<Workload> begun() {
        return transitions
                .forward()
                .filter(t -> t.counted() || store.journal(t.revision()).switched())
                .map(Transition::attempt)
                .or(progress::passed)
                .map(Attempt::target);
    }

    /** Sees to it that what is being prepared or carried out is what is wanted, if that is to be tried at all. */
    private void aimAt(Workload wanted) {
        if (!admission.switches() && transitions.forward().isPresent() && begun().isEmpty()) {
            // It only waits for leave to begin, and has none by now: the next window is another try.
            transitions.forward().ifPresent(Transition::cancel);
            return;
        }
        boolean tried = transitions
                .forward()
                .map(Transition::attempt)
                .or(progress::passed)
                .filter(a -> a.target().equals(wanted))
                .isPresent();
        if (tried || wanted.equals(progress.committed().workload()) || outcomes.failedBefore(wanted)) {
            preparations.giveUp();
            if (!tried) {
                transitions.forward().ifPresent(Transition::cancel);
            }
        } else {
            preparations.aimAt(wanted, progress.committed());
        }
    }

    private void prepared(Preparation done) {
        if (done.end().orElseThrow() instanceof Preparation.End.Refused(Reason reason)) {
            Workload committed = progress.committed().workload();
            outcomes.failed(done.revision(), Result.REFUSED, reason, committed, demand.asked(committed));
            // Something else may be attainable now, and no container has changed that would tell.
            signal.run();
        } else if (done.mends()) {
            progress.keepNow();
        }
    }

    /** When there isn't room for all that changes, what fits goes on without the rest. */
    private void leaveOut(Preparation stuck) {
        Workload wanted = stuck.revision().workload();
        Set<String> tooMuch = new Fitting(images, stuck.revision().number())
                .tooMuch(wanted, progress.committed().workload());
        Optional<Problem> problem = stuck.trouble();
        if (!tooMuch.isEmpty() && problem.isPresent()) {
            shortages.note(tooMuch, wanted, Result.REFUSED, Reason.of(problem.get()));
            preparations.giveUp();
            signal.run();
        }
    }

    /** What is ready is switched to once nothing else is carried out; only the way back isn't cut short for it. */
    private void switchToReady() {
        if (!admission.switches()
                || !preparations.hasReady()
                || progress.passed().isPresent()) {
            return;
        }
        if (transitions.current().isPresent()) {
            transitions.current().filter(t -> t.way() != Way.BACK).ifPresent(Transition::cancel);
        } else if (store.trying().isEmpty() || !hasGoneBack(store.trying().get())) {
            preparations.takeReady().ifPresent(r -> transitions.forward(r, progress.committed(), true));
        }
    }

    /** Whether a revision ended otherwise than by a newer one, so that the way back from it must be gone first. */
    private boolean hasGoneBack(Revision tried) {
        return store.outcome(tried.number())
                .filter(o -> o.result() != Result.SUPERSEDED)
                .isPresent();
    }
}
