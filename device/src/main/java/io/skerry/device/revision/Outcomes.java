package io.skerry.device.revision;

import io.skerry.spec.ProblemException;
import io.skerry.spec.desired.Container;
import io.skerry.spec.desired.Workload;
import io.skerry.spec.status.HeldBack;
import io.skerry.spec.status.Outcome;
import io.skerry.spec.status.Outcome.Result;
import io.skerry.spec.status.Reason;
import io.skerry.spec.status.VolumeReports;
import java.util.List;
import java.util.Optional;

/**
 * How attempts ended, and what isn't tried again until something else is wanted or the retry token changes: a container by
 * itself, or a whole workload when the failure was no one container's. Kept on the disk. For the engine's thread, but for {@link #retryToken}.
 */
final class Outcomes {
    private static final System.Logger LOG = System.getLogger(Outcomes.class.getName());

    private final RevisionStore store;
    private Optional<Outcome> last;
    private Optional<FailedWorkload> failed;
    private FailedContainers failedContainers;
    private volatile String retryToken;

    Outcomes(RevisionStore store) {
        this.store = store;
        this.last = store.lastOutcome();
        this.failed = store.failed();
        this.failedContainers = store.failedContainers();
        this.retryToken = store.retryToken();
    }

    /** How the newest attempt that has ended ended. */
    Optional<Outcome> last() {
        return last;
    }

    /**
     * The session's retry token from now on. It is on the disk when this returns: an attempt may be found to have failed
     * before the session is heard of again, and must not count as one with another token.
     *
     * @return whether it is another one
     */
    boolean retryToken(String token) {
        if (token.equals(retryToken)) {
            return false;
        }
        store.keepRetryToken(token);
        retryToken = token;
        return true;
    }

    /** What can be aimed at of what is asked for: see {@link FailedContainers#attainable}. */
    Workload attainable(Workload asked, Workload committed) {
        return failedContainers.attainable(asked, committed, retryToken);
    }

    /** What is kept back of what is asked for. */
    List<HeldBack> heldBack(Workload asked) {
        return failedContainers.heldBack(asked, retryToken);
    }

    /** Whether this workload failed last and nobody asked to try it again. */
    boolean failedBefore(Workload wanted) {
        return failed.filter(f -> f.workload().equals(wanted.digest().value())
                        && f.retryToken().equals(retryToken))
                .isPresent();
    }

    /** An attempt came to its end, which is on the disk when this returns. */
    void ended(Revision revision, Result result, List<VolumeReports.Report> volumes) {
        Outcome outcome = outcome(revision, result, Optional.empty(), volumes);
        store.finish(outcome);
        last = Optional.of(outcome);
    }

    /**
     * An attempt failed. A disk that takes nothing now must not keep the revision before from running again, so it is known
     * at once; a daemon that starts before it could be written tries once more, within the limit on attempts.
     *
     * <p>One container's failure is remembered of it alone, so that the others' changes are tried without it.
     *
     * @param asked what the owners want, whether or not it can be had
     */
    void failed(Revision revision, Result result, Reason reason, Workload committed, Workload asked) {
        Outcome outcome = outcome(revision, result, Optional.of(reason), List.of());
        last = Optional.of(outcome);
        String name = reason.container();
        Container container = revision.workload().containers().get(name);
        boolean ofOne =
                container != null && !container.equals(committed.containers().get(name));
        if (container != null && ofOne) {
            HeldBack told = new HeldBack(name, container.service(), result, reason);
            FailedContainer form = new FailedContainer(FailedContainer.form(name, container), retryToken, told);
            failedContainers = failedContainers.with(form, asked);
        } else {
            failed = Optional.of(new FailedWorkload(revision.workload().digest().value(), retryToken));
        }
        try {
            store.finish(outcome);
            if (ofOne) {
                store.remember(failedContainers);
            } else {
                failed.ifPresent(store::remember);
            }
        } catch (ProblemException e) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "how revision " + revision.number() + " ended can't be kept: "
                            + e.problem().sentence(),
                    e);
        }
    }

    /** An attempt failed for want of room, which may be there another time: nothing is remembered against what was wanted. */
    void failedForNow(Revision revision, Result result, Reason reason) {
        Outcome outcome = outcome(revision, result, Optional.of(reason), List.of());
        last = Optional.of(outcome);
        try {
            store.finish(outcome);
        } catch (ProblemException e) {
            LOG.log(System.Logger.Level.WARNING, e.problem().sentence(), e);
        }
    }

    /** What was done about volumes on the way back from a revision that failed; the disk may not take it. */
    void wentBack(Revision revision, List<VolumeReports.Report> volumes) {
        Optional<Outcome> told = last.filter(o -> o.revision() == revision.number());
        if (volumes.isEmpty() || told.isEmpty()) {
            return;
        }
        Outcome outcome = outcome(revision, told.get().result(), told.get().reason(), volumes);
        last = Optional.of(outcome);
        try {
            store.finish(outcome);
        } catch (ProblemException e) {
            LOG.log(System.Logger.Level.WARNING, e.problem().sentence(), e);
        }
    }

    private static Outcome outcome(
            Revision revision, Result result, Optional<Reason> reason, List<VolumeReports.Report> volumes) {
        return new Outcome(
                revision.number(),
                revision.workload().digest(),
                result,
                reason,
                volumes.isEmpty() ? Optional.empty() : Optional.of(new VolumeReports(volumes)));
    }
}
