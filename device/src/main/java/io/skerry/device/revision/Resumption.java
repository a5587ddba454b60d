package io.skerry.device.revision;

import io.skerry.spec.Problem;
import io.skerry.spec.ProblemException;
import io.skerry.spec.status.Outcome;
import io.skerry.spec.status.Outcome.Result;
import io.skerry.spec.status.Reason;
import java.util.Optional;

/** Goes on, or goes back, from where an earlier daemon was when it ended. For the engine's thread. */
final class Resumption {
    /** How often a switch to one revision may begin: a revision that takes the daemon with it mustn't do so for ever. */
    static final int ATTEMPTS = 3;

    private final Progress progress;
    private final RevisionStore store;
    private final Demand demand;
    private final Outcomes outcomes;
    private final Transitions transitions;
    private final Settlement settlement;
    private final Collector collector;
    private final Machine machine;

    Resumption(
            Progress progress,
            RevisionStore store,
            Demand demand,
            Outcomes outcomes,
            Transitions transitions,
            Settlement settlement,
            Collector collector,
            Machine machine) {
        this.progress = progress;
        this.store = store;
        this.demand = demand;
        this.outcomes = outcomes;
        this.transitions = transitions;
        this.settlement = settlement;
        this.collector = collector;
        this.machine = machine;
    }

    /** Takes up what an earlier daemon left. */
    void takeUp() {
        Optional<Revision> interrupted = store.trying().or(store::begun);
        if (interrupted.isPresent()) {
            takeUp(interrupted.get());
        } else if (progress.committed().number() > 0) {
            // When what is committed runs again: a device that boots needn't wait for that.
            collector.littered();
        }
    }

    private void takeUp(Revision revision) {
        Optional<Outcome> ended = store.outcome(revision.number());
        Optional<JournalEntry> amid = store.journal(revision).interrupted();
        boolean planned = amid.filter(e -> e.isReboot() && !e.boot().equals(machine.bootId()))
                .isPresent();
        if (ended.filter(o -> o.result() == Result.COMMITTED).isPresent()) {
            progress.adopt(revision);
            collector.littered();
        } else if (ended.isPresent()) {
            transitions.back(revision, progress.committed());
        } else if (!planned && store.attempts(revision) >= ATTEMPTS) {
            String where =
                    amid.map(e -> ", the last time amid '" + e.step() + "'").orElse("");
            settlement.rollBack(
                    revision,
                    Reason.of(new Problem(
                            "revision.interrupted",
                            "Revision " + revision.number() + " was on trial " + ATTEMPTS
                                    + " times, and each time the device or its daemon went down" + where + ".")),
                    Result.ROLLED_BACK);
        } else if (!hasBegun(revision)
                && !demand.mayBegin(revision.workload(), progress.committed().workload())) {
            // It waited for leave to begin when the daemon ended, and its window has closed since.
            outcomes.superseded(revision);
            collector.release(revision);
            transitions.back(revision, progress.committed());
        } else {
            try {
                transitions.forward(revision, progress.committed(), !planned);
            } catch (ProblemException e) {
                // A disk that takes nothing must not keep the device without either.
                settlement.rollBack(revision, Reason.of(e.problem()), Result.ROLLED_BACK);
            }
        }
    }

    private boolean hasBegun(Revision revision) {
        return store.attempts(revision) > 0 || store.journal(revision).switched();
    }
}
