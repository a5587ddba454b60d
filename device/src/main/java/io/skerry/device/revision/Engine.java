package io.skerry.device.revision;

import io.skerry.device.retry.BackOff;
import io.skerry.spec.Digest;
import io.skerry.spec.Problem;
import io.skerry.spec.ProblemException;
import io.skerry.spec.desired.Owner;
import io.skerry.spec.desired.Workload;
import io.skerry.spec.status.Outcome;
import io.skerry.spec.status.Outcome.Result;
import io.skerry.spec.status.Reason;
import io.skerry.spec.status.RevisionStatus;
import io.skerry.spec.status.RevisionStatus.Phase;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Brings the device from the workload that it has to the one that is wanted: prepare, switch, watch, then commit or go back
 * (architecture §4).
 *
 * <ul>
 *   <li>Nothing stops before all images of the new workload are on the device.
 *   <li>A workload is committed only after its trial; when that fails, the committed one runs again.
 *   <li>A container that failed isn't tried again in the same form until the retry token changes; meanwhile it is kept as it was
 *       and all else goes on. A failure that is no one container's stands for the whole workload.
 *   <li>A newer workload takes the place of one that is being prepared or is on trial; what is on trial stays watched until
 *       the newer one is ready to be switched to.
 *   <li>A daemon that dies at any point finds on the disk where it was, and goes on from there without any network.
 *   <li>What is committed and doesn't run is started again.
 * </ul>
 *
 * <p>All decisions are taken on one thread of its own; the public methods may be called from any.
 */
public final class Engine implements AutoCloseable {
    /** How often a switch to one revision may begin: a revision that takes the daemon with it mustn't do so for ever. */
    static final int ATTEMPTS = 3;

    private static final System.Logger LOG = System.getLogger(Engine.class.getName());
    private static final long REST = Duration.ofMinutes(1).toNanos();

    private final Parts parts;
    private final RevisionStore store;
    private final Outcomes outcomes;
    private final Images images;
    private final Containers containers;
    private final Switchover switchover;
    private final Convergence convergence;
    private final Cleanup cleanup;
    private final Ticker ticker;
    private final RandomGenerator random;
    private final Wakeup wakeup;
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private final Thread thread = Thread.ofVirtual().name("engine").unstarted(this::run);

    private volatile boolean closed;
    private volatile Standing standing;

    // Only the engine's own thread touches what follows.
    private Revision committed = Revision.NONE;
    private @Nullable OnTrial onTrial;
    private @Nullable Preparation preparation;
    private Phase phase = Phase.IDLE;

    private record OnTrial(Revision revision, Trial trial) {}

    /**
     * Reads where it was from the data folder; {@link #start} sets it going.
     *
     * @param data the device's data folder
     */
    public Engine(
            Path data, Images images, Containers containers, Volumes volumes, Ticker ticker, RandomGenerator random) {
        this.parts = Parts.open(data);
        this.store = RevisionStore.open(data);
        this.outcomes = new Outcomes(store);
        this.images = images;
        this.containers = containers;
        this.switchover = new Switchover(images, containers, volumes);
        this.ticker = ticker;
        this.random = random;
        this.convergence = new Convergence(containers, switchover, ticker, backOff());
        this.cleanup = new Cleanup(store, images, containers, volumes);
        this.wakeup = new Wakeup(ticker);
        this.committed = store.current();
        this.standing = standingNow();
    }

    /** Begins to act. */
    public void start() {
        containers.onChange(wakeup::signal);
        thread.start();
    }

    /**
     * Says what an owner wants now. Returns as soon as that is on the disk; the carrying out begins at once.
     *
     * @param retryToken the session's; a new one has a workload tried again that failed before
     * @throws ProblemException {@code part.clash}; then nothing changes
     */
    public void offer(Owner owner, Workload workload, String retryToken) {
        parts.put(owner, workload);
        outcomes.retryToken(retryToken);
        wakeup.signal();
    }

    /** Where it stands. */
    public Standing standing() {
        return standing;
    }

    /** Calls this after each change of {@link #standing}. */
    public void onChange(Runnable listener) {
        listeners.add(listener);
    }

    /** Ends the engine; containers go on running, and what was begun is taken up by the next one. */
    @Override
    public void close() {
        closed = true;
        wakeup.signal();
        try {
            // Not interrupted: a container that is half started would cost more than these seconds.
            thread.join(Duration.ofSeconds(15));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try {
            guarded(this::recover);
            long seen = wakeup.seen();
            while (!closed) {
                long lookAgainAt = guarded(this::turn);
                publish();
                wakeup.await(seen, lookAgainAt);
                seen = wakeup.seen();
            }
        } catch (InterruptedException e) {
            LOG.log(System.Logger.Level.DEBUG, "the engine was interrupted", e);
        } finally {
            cancelPreparation();
        }
    }

    @FunctionalInterface
    private interface Turn {
        /** Returns when to look again at the latest. */
        long take();
    }

    private long guarded(Turn turn) {
        try {
            return turn.take();
        } catch (ProblemException e) {
            LOG.log(System.Logger.Level.ERROR, e.problem().sentence(), e);
            return convergence.failed(e.problem());
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.ERROR, "the engine failed and will try again", e);
            return convergence.failed(new Problem("device.internal", "Carrying out the workload failed: " + e + "."));
        }
    }

    /** Takes up what an earlier daemon left. */
    private long recover() {
        Optional<Revision> interrupted = store.trying();
        if (interrupted.isPresent()) {
            Revision revision = interrupted.get();
            Optional<Outcome> ended = store.outcome(revision.number());
            if (ended.filter(o -> o.result() == Result.COMMITTED).isPresent()) {
                becomeCurrent(revision);
            } else if (ended.isPresent()) {
                goBack();
            } else if (store.attempts(revision) >= ATTEMPTS) {
                rollBack(
                        revision,
                        Reason.of(new Problem(
                                "revision.interrupted",
                                "Revision " + revision.number() + " was on trial " + ATTEMPTS
                                        + " times, and each time the device or its daemon went down.")));
            } else {
                switchTo(revision);
            }
        } else if (committed.number() > 0) {
            collect();
        }
        return ticker.nanos();
    }

    private long turn() {
        Workload wanted = outcomes.attainable(asked(), committed.workload());
        long lookAgainAt = ticker.nanos() + REST;
        aimAt(wanted);
        lookAgainAt = Math.min(lookAgainAt, judge());
        takePrepared();
        if (onTrial == null) {
            lookAgainAt = Math.min(lookAgainAt, convergence.towards(committed.workload(), this::fetchMissing));
        } else {
            lookAgainAt = Math.min(lookAgainAt, judge());
        }
        return lookAgainAt;
    }

    /** Sees to it that what is being prepared is what is wanted, if that is to be tried at all. */
    private void aimAt(Workload wanted) {
        OnTrial trial = onTrial;
        boolean tried = trial != null && trial.revision().workload().equals(wanted);
        if (tried || wanted.equals(committed.workload()) || outcomes.failedBefore(wanted)) {
            if (preparation != null && preparation.revision().number() != committed.number()) {
                supersedePreparation();
            }
            if (trial != null && !tried) {
                outcomes.ended(trial.revision(), Result.SUPERSEDED);
                goBack();
            }
            return;
        }
        if (preparation != null && preparation.revision().workload().equals(wanted)) {
            return;
        }
        supersedePreparation();
        Revision next = store.create(wanted, Planner.plan(situation(wanted), wanted));
        cleanup.images(committed.workload(), wanted);
        LOG.log(System.Logger.Level.INFO, "revision {0} is being prepared", next.number());
        preparation = Preparation.start(next, images, backOff(), false, wakeup::signal);
        phase = onTrial == null ? Phase.FETCHING : phase;
        publish();
    }

    /** What the owners want, whether or not it can be had. */
    private Workload asked() {
        return parts.composed().orElse(committed.workload());
    }

    private void takePrepared() {
        Preparation done = preparation;
        if (done == null || done.end().isEmpty()) {
            return;
        }
        preparation = null;
        Revision revision = done.revision();
        switch (done.end().get()) {
            case Preparation.End.Refused(Reason reason) -> {
                outcomes.failed(revision, Result.REFUSED, reason, committed.workload(), asked());
                // Something else may be attainable now, and no container has changed that would tell.
                wakeup.signal();
                phase = onTrial == null ? Phase.IDLE : phase;
            }
            case Preparation.End.Ready _ -> {
                if (revision.number() == committed.number()) {
                    convergence.hurry();
                    return;
                }
                OnTrial before = onTrial;
                if (before != null) {
                    outcomes.ended(before.revision(), Result.SUPERSEDED);
                    onTrial = null;
                }
                switchTo(revision);
            }
        }
    }

    private void switchTo(Revision revision) {
        int attempt = store.countAttempt(revision);
        store.setTrying(revision);
        phase(Phase.SWITCHING, revision);
        LOG.log(System.Logger.Level.INFO, "switching to revision {0}, attempt {1}", revision.number(), attempt);
        List<Step> plan = Planner.plan(situation(revision.workload()), revision.workload());
        Optional<Reason> failure = switchover.carryOut(plan, revision.workload());
        if (failure.isPresent()) {
            rollBack(revision, failure.get());
            return;
        }
        onTrial = new OnTrial(revision, Trial.of(plan, revision.workload(), containers.status(), ticker.nanos()));
        phase = Phase.ON_TRIAL;
    }

    private long judge() {
        OnTrial now = onTrial;
        if (now == null) {
            return Long.MAX_VALUE;
        }
        return switch (now.trial().judge(containers.status(), ticker.nanos())) {
            case Trial.Verdict.Undecided(long lookAgainAt) -> lookAgainAt;
            case Trial.Verdict.Failed(String container, Problem problem) -> {
                rollBack(now.revision(), switchover.reason(container, problem));
                yield ticker.nanos();
            }
            case Trial.Verdict.Passed _ -> {
                outcomes.ended(now.revision(), Result.COMMITTED);
                becomeCurrent(now.revision());
                yield ticker.nanos();
            }
        };
    }

    private void becomeCurrent(Revision revision) {
        store.setCurrent(revision);
        store.endTrying();
        committed = revision;
        onTrial = null;
        phase = preparation == null ? Phase.IDLE : Phase.FETCHING;
        LOG.log(System.Logger.Level.INFO, "revision {0} is committed", revision.number());
        publish();
        collect();
    }

    private void rollBack(Revision revision, Reason reason) {
        LOG.log(
                System.Logger.Level.WARNING,
                "revision {0} goes back: {1}",
                revision.number(),
                reason.problem().message());
        outcomes.failed(revision, Result.ROLLED_BACK, reason, committed.workload(), asked());
        goBack();
        wakeup.signal();
    }

    /** The committed containers again, and only these. What fails here is tried again by {@link Convergence}. */
    private void goBack() {
        onTrial = null;
        phase(Phase.ROLLING_BACK, committed);
        switchover.carryOutAll(Planner.switching(forms(), committed.workload()), committed.workload());
        convergence.hurry();
        phase = preparation == null ? Phase.IDLE : Phase.FETCHING;
        store.endTrying();
    }

    private void fetchMissing() {
        Set<Digest> here = situation(committed.workload()).prepared();
        if (preparation == null && !here.containsAll(Cleanup.manifests(committed.workload()))) {
            LOG.log(System.Logger.Level.WARNING, "images of revision {0} are missing", committed.number());
            preparation = Preparation.start(committed, images, backOff(), true, wakeup::signal);
        }
    }

    /** Removes what neither the current nor the previous revision needs. */
    private void collect() {
        cleanup.afterCommit(
                committed.workload(),
                preparation == null ? Workload.EMPTY : preparation.revision().workload());
    }

    private void supersedePreparation() {
        Preparation old = preparation;
        if (old != null) {
            cancelPreparation();
            if (old.revision().number() != committed.number()) {
                outcomes.ended(old.revision(), Result.SUPERSEDED);
            }
            phase = onTrial == null ? Phase.IDLE : phase;
        }
    }

    private void cancelPreparation() {
        if (preparation != null) {
            preparation.cancel();
            preparation = null;
        }
    }

    private Situation situation(Workload wanted) {
        Set<Digest> prepared = new HashSet<>();
        for (Digest manifest : Cleanup.manifests(wanted)) {
            if (images.prepared(manifest).isPresent()) {
                prepared.add(manifest);
            }
        }
        return new Situation(committed.workload(), forms(), prepared);
    }

    private java.util.Map<String, io.skerry.spec.desired.Container> forms() {
        return Present.forms(containers.present());
    }

    private BackOff backOff() {
        return new BackOff(Duration.ofSeconds(1), Duration.ofMinutes(5), random);
    }

    private void phase(Phase now, Revision towards) {
        phase = now;
        standing = standing(Optional.of(towards).filter(r -> r.number() != committed.number()), towards.workload());
        listeners.forEach(Runnable::run);
    }

    private void publish() {
        Standing now = standingNow();
        if (!now.equals(standing)) {
            standing = now;
            listeners.forEach(Runnable::run);
        }
    }

    private Standing standingNow() {
        OnTrial trial = onTrial;
        Preparation preparing = preparation;
        if (trial != null) {
            return standing(Optional.of(trial.revision()), trial.revision().workload());
        }
        if (preparing != null && preparing.revision().number() != committed.number()) {
            return standing(
                    Optional.of(preparing.revision()), preparing.revision().workload());
        }
        return standing(Optional.empty(), committed.workload());
    }

    private Standing standing(Optional<Revision> trying, Workload coming) {
        List<Problem> problems = new ArrayList<>();
        convergence.trouble().ifPresent(problems::add);
        Optional<Outcome> shown = outcomes.last();
        if (preparation != null) {
            Optional<Problem> obstacle = preparation.trouble();
            obstacle.ifPresent(problems::add);
            Optional<Outcome> refused = obstacle.flatMap(preparation::refusal);
            shown = refused.or(outcomes::last);
        }
        return new Standing(
                new RevisionStatus(
                        committed.number(),
                        trying.map(Revision::number),
                        phase,
                        shown,
                        outcomes.heldBack(asked()),
                        Optional.empty()),
                coming,
                problems);
    }
}
