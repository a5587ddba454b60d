package io.skerry.device.revision;

import io.skerry.device.retry.BackOff;
import io.skerry.spec.Problem;
import io.skerry.spec.ProblemException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How far the engine is: what is committed, what passed its trial and couldn't be committed yet, what hinders it, and when it
 * looks after the committed workload again. It writes the links on the disk anew that an earlier daemon couldn't. For the
 * engine's thread.
 */
final class Progress {
    private static final System.Logger LOG = System.getLogger(Progress.class.getName());

    private final RevisionStore store;
    private final Ticker ticker;
    private final BackOff pauses;
    private Revision committed;
    private @Nullable Attempt passed;
    private Optional<Problem> trouble = Optional.empty();
    private Optional<Problem> loss;
    private long keepAgainAt;

    /** @param pauses how long it waits after what failed */
    Progress(RevisionStore store, Ticker ticker, BackOff pauses) {
        this.store = store;
        this.ticker = ticker;
        this.pauses = pauses;
        this.committed = store.current();
        this.loss = store.lost().map(lost -> lost(lost, committed));
        this.keepAgainAt = ticker.nanos();
    }

    private static Problem lost(int lost, Revision instead) {
        return new Problem(
                "revision.lost",
                "Revision " + lost + " was committed, but the disk has lost what it was; "
                        + (instead.number() == 0 ? "nothing" : "revision " + instead.number()) + " runs in its place.",
                "Nothing is to be done: what is wanted is carried out anew. If this comes back, the disk is failing.");
    }

    Revision committed() {
        return committed;
    }

    /** Passed its trial, and couldn't be committed yet. */
    Optional<Attempt> passed() {
        return Optional.ofNullable(passed);
    }

    Optional<Problem> trouble() {
        return trouble;
    }

    /** What was committed and can't be read any more, until something is committed anew. */
    Optional<Problem> loss() {
        return loss;
    }

    /** Kept until it is committed: a disk that takes nothing now may later, and nothing that runs has to go back for it. */
    void hasPassed(Attempt attempt) {
        passed = attempt;
    }

    /** Takes down that it is committed, which stands on the disk. */
    void commit(Attempt attempt) {
        passed = null;
        loss = Optional.empty();
        committed = attempt.revision();
        well();
    }

    /** Takes up a commit whose outcome is on the disk already. */
    void adopt(Revision revision) {
        loss = Optional.empty();
        committed = revision;
        link();
    }

    /** Writes down what is committed; what the disk doesn't take now is done another time. */
    void link() {
        try {
            store.setCurrent(committed);
            store.endTrying();
        } catch (ProblemException e) {
            LOG.log(System.Logger.Level.WARNING, e.problem().sentence(), e);
        }
    }

    /** Nothing hinders it, and nothing failed lately. */
    void well() {
        trouble = Optional.empty();
        pauses.reset();
    }

    /** After an idle look: pauses begin anew, and what kept it from committing stays told until that is done. */
    void idle() {
        pauses.reset();
        trouble = passed == null ? Optional.empty() : trouble;
    }

    void hindered(Problem problem) {
        trouble = Optional.of(problem);
    }

    void unhindered() {
        trouble = Optional.empty();
    }

    /** When to try again what failed now; longer each time. */
    long afterPause() {
        return ticker.nanos() + pauses.next().toNanos();
    }

    long keepAgainAt() {
        return keepAgainAt;
    }

    boolean keepIsDue() {
        return ticker.nanos() - keepAgainAt >= 0;
    }

    void keepNow() {
        keepAgainAt = ticker.nanos();
    }

    void keepAfterPause() {
        keepAgainAt = afterPause();
    }
}
