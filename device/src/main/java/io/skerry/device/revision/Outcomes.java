package io.skerry.device.revision;

import io.skerry.spec.Digest;
import io.skerry.spec.ProblemException;
import io.skerry.spec.desired.Container;
import io.skerry.spec.desired.Workload;
import io.skerry.spec.status.GivenUp;
import io.skerry.spec.status.HeldBack;
import io.skerry.spec.status.Outcome;
import io.skerry.spec.status.Outcome.Result;
import io.skerry.spec.status.Reason;
import io.skerry.spec.status.VolumeReports;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * How attempts ended, and what isn't tried again until something else is wanted or the retry token changes: a container by
 * itself, or a whole workload when the failure was no one container's. Kept on the disk. For the engine's thread, but for {@link #retryToken}.
 */
final class Outcomes {
    private static final System.Logger LOG = System.getLogger(Outcomes.class.getName());

    private final RevisionStore store;
    private Optional<Outcome> last;
    private GivenUp givenUp;
    private Optional<FailedWorkload> failed;
    private FailedContainers failedContainers;
    /** What the disk hasn't taken yet. */
    private final Map<Integer, Outcome> unwritten = new TreeMap<>();

    private boolean unremembered;
    private volatile String retryToken;

    Outcomes(RevisionStore store) {
        this.store = store;
        List<Outcome> ended = store.outcomes();
        this.last = ended.stream().findFirst();
        this.givenUp = GivenUp.NOTHING;
        ended.reversed().forEach(this::note);
        this.failed = store.failed();
        this.failedContainers = store.failedContainers();
        this.retryToken = store.retryToken();
    }

    /** How the newest attempt that has ended ended. */
    Optional<Outcome> last() {
        return last;
    }

    /** What these attempts have given up of what was written to volumes; empty when nothing. */
    Optional<GivenUp> givenUp() {
        return givenUp.intervals().isEmpty() ? Optional.empty() : Optional.of(givenUp);
    }

    private void note(Outcome outcome) {
        givenUp = givenUp.with(outcome);
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

    /** An attempt was committed, which is on the disk when this returns. */
    void committed(Revision revision, List<VolumeReports.Report> volumes) {
        Outcome outcome = outcome(revision, Result.COMMITTED, Optional.empty(), volumes);
        store.finish(outcome);
        last = Optional.of(outcome);
        note(outcome);
    }

    /** An attempt that touched nothing was given up for a newer one. */
    void superseded(Revision revision) {
        superseded(revision, List.of());
    }

    /** An attempt was given up for a newer one, which may keep volumes anew and so forget what was done about them in this one. */
    void superseded(Revision revision, List<VolumeReports.Report> volumes) {
        ended(outcome(revision, Result.SUPERSEDED, Optional.empty(), volumes));
    }

    private void ended(Outcome outcome) {
        last = Optional.of(outcome);
        keep(outcome);
    }

    private void keep(Outcome outcome) {
        note(outcome);
        unwritten.put(outcome.revision(), outcome);
        try {
            write();
        } catch (ProblemException e) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "how revision " + outcome.revision() + " ended can't be kept yet: "
                            + e.problem().sentence(),
                    e);
        }
    }

    private void write() {
        for (Outcome outcome : List.copyOf(unwritten.values())) {
            store.finish(outcome);
            unwritten.remove(outcome.revision());
        }
        if (unremembered) {
            store.remember(failedContainers);
            failed.ifPresent(store::remember);
            unremembered = false;
        }
    }

    /** Writes down what the disk didn't take when it was to. */
    void catchUp() {
        try {
            write();
        } catch (ProblemException e) {
            LOG.log(System.Logger.Level.DEBUG, e.problem().sentence(), e);
        }
    }

    /**
     * An attempt failed. A disk that takes nothing now must not keep the revision before from running again, so it is known
     * at once, and written by {@link #catchUp}; a daemon that starts before that tries once more, within the limit on attempts.
     *
     * <p>One container's failure is remembered of it alone, so that the others' changes are tried without it.
     *
     * @param asked what the owners want, whether or not it can be had
     */
    void failed(Revision revision, Result result, Reason reason, Workload committed, Workload asked) {
        Outcome outcome = outcome(revision, result, Optional.of(reason), List.of());
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
        unremembered = true;
        ended(outcome);
    }

    /** What failed of these images failed for what the disk has lost of them: it is tried again. */
    void excuse(Set<Digest> images, Workload asked) {
        FailedContainers left = failedContainers.without(images, asked);
        if (!left.equals(failedContainers)) {
            failedContainers = left;
            unremembered = true;
            catchUp();
        }
    }

    /** An attempt failed for want of room, which may be there another time: nothing is remembered against what was wanted. */
    void failedForNow(Revision revision, Result result, Reason reason) {
        ended(outcome(revision, result, Optional.of(reason), List.of()));
    }

    /** What was done about volumes on the way back from a revision. A newer one may have ended meanwhile. */
    void wentBack(Revision revision, List<VolumeReports.Report> volumes) {
        int number = revision.number();
        Optional<Outcome> told = Optional.ofNullable(unwritten.get(number)).or(() -> store.outcome(number));
        if (volumes.isEmpty() || told.isEmpty()) {
            return;
        }
        Outcome outcome = outcome(revision, told.get().result(), told.get().reason(), volumes);
        if (last.filter(o -> o.revision() > number).isEmpty()) {
            last = Optional.of(outcome);
        }
        keep(outcome);
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
