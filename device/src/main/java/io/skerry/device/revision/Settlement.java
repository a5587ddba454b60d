package io.skerry.device.revision;

import io.skerry.spec.ProblemException;
import io.skerry.spec.desired.Container;
import io.skerry.spec.desired.Workload;
import io.skerry.spec.status.Outcome.Result;
import io.skerry.spec.status.Reason;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Draws the conclusion of what transitions came to: commits, goes back, or takes note. For the engine's thread. */
final class Settlement {
    private static final System.Logger LOG = System.getLogger(Settlement.class.getName());

    private final Progress progress;
    private final RevisionStore store;
    private final Volumes volumes;
    private final Demand demand;
    private final Outcomes outcomes;
    private final Shortages shortages;
    private final Inspections inspections;
    private final Preparations preparations;
    private final Transitions transitions;
    private final StepRunner runner;
    private final Collector collector;
    private final Ticker ticker;
    private final Runnable signal;
    private final Runnable publish;

    /**
     * @param signal called when the engine should look again
     * @param publish called when there is news that mustn't wait for the end of its turn
     */
    Settlement(
            Progress progress,
            RevisionStore store,
            Volumes volumes,
            Demand demand,
            Outcomes outcomes,
            Shortages shortages,
            Inspections inspections,
            Preparations preparations,
            Transitions transitions,
            StepRunner runner,
            Collector collector,
            Ticker ticker,
            Runnable signal,
            Runnable publish) {
        this.progress = progress;
        this.store = store;
        this.volumes = volumes;
        this.demand = demand;
        this.outcomes = outcomes;
        this.shortages = shortages;
        this.inspections = inspections;
        this.preparations = preparations;
        this.transitions = transitions;
        this.runner = runner;
        this.collector = collector;
        this.ticker = ticker;
        this.signal = signal;
        this.publish = publish;
    }

    /** Takes note of what a transition came to. */
    void settle(Transition over) {
        switch (over.end().orElseThrow()) {
            case Transition.End.Done(Optional<Reason> reason) -> {
                reason.ifPresent(r -> inspections.failed(over.attempt().target(), r));
                switch (over.way()) {
                    case FORWARD -> commit(over.attempt());
                    case BACK -> wentBack(over.revision(), reason);
                    case KEEP -> kept(reason);
                }
            }
            case Transition.End.Failed(Reason reason, boolean touched) -> {
                inspections.failed(over.attempt().target(), reason);
                switch (over.way()) {
                    case FORWARD -> rollBack(over.revision(), reason, touched ? Result.ROLLED_BACK : Result.REFUSED);
                    case BACK -> wentBack(over.revision(), Optional.of(reason));
                    case KEEP -> kept(Optional.of(reason));
                }
            }
            case Transition.End.Cancelled _ -> {
                if (over.way() == Way.FORWARD) {
                    outcomes.superseded(
                            over.revision(), volumes.reports(over.attempt().base()));
                    collector.release(over.revision());
                    if (!preparations.hasReady()) {
                        transitions.back(over.revision(), progress.committed());
                    }
                }
            }
        }
    }

    /**
     * Commits what passed its trial.
     *
     * @throws ProblemException when the disk doesn't take it; then it is to be called again
     */
    void commit(Attempt attempt) {
        progress.hasPassed(attempt);
        Patience patience = new Patience(ticker);
        String workload = attempt.target().digest().value();
        Optional<Reason> failure = runner.take(new Step.Commit(workload, Step.Why.UPDATE), attempt, patience);
        if (failure.isPresent()) {
            throw failure.get().problem().asException();
        }
        progress.commit(attempt);
        preparations.committed();
        collector.release(attempt.revision());
        shortages.settled(attempt.revision().workload());
        LOG.log(
                System.Logger.Level.INFO,
                "revision {0} is committed",
                attempt.revision().number());
        publish.run();
        collector.collect(attempt, Step.Why.UPDATE);
    }

    /** Gives a revision up and goes back from it. */
    void rollBack(Revision revision, Reason reason, Result result) {
        LOG.log(
                System.Logger.Level.WARNING,
                "revision {0} goes back: {1}",
                revision.number(),
                reason.problem().sentence());
        List<String> names = blamed(revision.workload(), reason);
        if (shortages.isWorthAnotherTry(names, revision.workload(), reason.problem())) {
            shortages.note(names, revision.workload(), result, reason);
            outcomes.failedForNow(revision, result, reason);
        } else {
            Workload committed = progress.committed().workload();
            outcomes.failed(revision, result, reason, committed, demand.asked(committed));
        }
        collector.release(revision);
        transitions.back(revision, progress.committed());
    }

    /** The containers that all others can go on without when they are left as they were. */
    private List<String> blamed(Workload workload, Reason reason) {
        if (!reason.container().isEmpty()) {
            return List.of(reason.container());
        }
        return reason.problem().code().equals(Shortages.REBOOT_FAILED)
                ? Placement.needingReboot(progress.committed().workload(), workload)
                : changed(workload);
    }

    private List<String> changed(Workload workload) {
        Map<String, Container> committed = progress.committed().workload().containers();
        return workload.containers().entrySet().stream()
                .filter(e -> !Forms.same(e.getValue(), Optional.ofNullable(committed.get(e.getKey()))))
                .map(Map.Entry::getKey)
                .toList();
    }

    private void wentBack(Revision tried, Optional<Reason> reason) {
        int committed = progress.committed().number();
        outcomes.wentBack(tried, volumes.reports(committed));
        if (!volumes.snapshots(committed).isEmpty()) {
            // A program mustn't find data that it doesn't know: what is kept is put back until that is done.
            tell(reason);
            progress.keepAfterPause();
            return;
        }
        try {
            volumes.keepOnly(Set.of());
        } catch (ProblemException e) {
            LOG.log(System.Logger.Level.WARNING, e.problem().sentence(), e);
            collector.littered();
        }
        store.endTrying();
        progress.keepNow();
        signal.run();
    }

    private void kept(Optional<Reason> reason) {
        tell(reason);
        if (reason.isPresent()) {
            progress.keepAfterPause();
        }
    }

    private void tell(Optional<Reason> reason) {
        reason.ifPresentOrElse(r -> progress.hindered(r.problem()), progress::unhindered);
    }
}
