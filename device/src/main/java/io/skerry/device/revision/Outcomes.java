package io.skerry.device.revision;

import io.skerry.spec.ProblemException;
import io.skerry.spec.desired.Workload;
import io.skerry.spec.status.Outcome;
import io.skerry.spec.status.Outcome.Result;
import io.skerry.spec.status.Reason;
import java.util.Optional;

/**
 * How attempts ended, and which workload isn't tried again until another is wanted or the retry token changes. Kept on the
 * disk. For the engine's thread, but for {@link #retryToken}.
 */
final class Outcomes {
    private static final System.Logger LOG = System.getLogger(Outcomes.class.getName());

    private final RevisionStore store;
    private Optional<Outcome> last;
    private Optional<FailedWorkload> failed;
    private volatile String retryToken;

    Outcomes(RevisionStore store) {
        this.store = store;
        this.last = store.lastOutcome();
        this.failed = store.failed();
        this.retryToken = store.retryToken();
    }

    /** How the newest attempt that has ended ended. */
    Optional<Outcome> last() {
        return last;
    }

    /**
     * The session's retry token from now on. It is on the disk when this returns: an attempt may be found to have failed
     * before the session is heard of again, and must not count as one with another token.
     */
    void retryToken(String token) {
        if (!token.equals(retryToken)) {
            store.keepRetryToken(token);
            retryToken = token;
        }
    }

    /** Whether this workload failed last and nobody asked to try it again. */
    boolean failedBefore(Workload wanted) {
        return failed.filter(f -> f.workload().equals(wanted.digest().value())
                        && f.retryToken().equals(retryToken))
                .isPresent();
    }

    /** An attempt came to its end, which is on the disk when this returns. */
    void ended(Revision revision, Result result) {
        Outcome outcome = outcome(revision, result, Optional.empty());
        store.finish(outcome);
        last = Optional.of(outcome);
    }

    /**
     * An attempt failed. A disk that takes nothing now must not keep the revision before from running again, so it is known
     * at once; a daemon that starts before it could be written tries once more, within the limit on attempts.
     */
    void failed(Revision revision, Result result, Reason reason) {
        Outcome outcome = outcome(revision, result, Optional.of(reason));
        FailedWorkload workload =
                new FailedWorkload(revision.workload().digest().value(), retryToken);
        last = Optional.of(outcome);
        failed = Optional.of(workload);
        try {
            store.finish(outcome);
            store.remember(workload);
        } catch (ProblemException e) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "how revision " + revision.number() + " ended can't be kept: "
                            + e.problem().sentence(),
                    e);
        }
    }

    private static Outcome outcome(Revision revision, Result result, Optional<Reason> reason) {
        return new Outcome(revision.number(), revision.workload().digest(), result, reason);
    }
}
