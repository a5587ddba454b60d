package io.skerry.device.revision;

import io.skerry.device.retry.BackOff;
import io.skerry.spec.Problem;
import io.skerry.spec.ProblemException;
import io.skerry.spec.desired.Owner;
import io.skerry.spec.desired.Workload;
import io.skerry.spec.status.Outcome;
import io.skerry.spec.status.Outcome.Result;
import io.skerry.spec.status.Reason;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Brings the device from the workload that it has to the one that is wanted: prepare, switch, watch, then commit or go back
 * (architecture §4). It decides what is done; {@link Preparation} and {@link Transition} take the steps on threads of their own.
 *
 * <ul>
 *   <li>Nothing stops before everything new is on the device.
 *   <li>A workload is committed only after its trial; when that fails, the committed one runs again.
 *   <li>A container that failed isn't tried again in the same form until the retry token changes; meanwhile it is kept as it was
 *       and all else goes on. A failure that is no one container's stands for the whole workload. What only room is lacking for
 *       is tried again by itself.
 *   <li>A newer workload takes the place of one that is being prepared, carried out or on trial; what is on trial stays watched
 *       until the newer one is ready to be switched to.
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
    private static final Duration CLOSING = Duration.ofSeconds(15);

    private final Parts parts;
    private final RevisionStore store;
    private final Outcomes outcomes;
    private final Shortages shortages;
    private final Hands hands;
    private final Observation observation;
    private final StepRunner runner;
    private final Ticker ticker;
    private final RandomGenerator random;
    private final BackOff pauses;
    private final RecoveryReboots reboots;
    private final Wakeup wakeup;
    private final Runnable alive;
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private final Thread thread = Thread.ofVirtual().name("engine").unstarted(this::run);

    private volatile boolean closed;
    private volatile Standing standing;
    private volatile @Nullable Transition transition;
    private volatile Workload coming = Workload.EMPTY;

    // Only the engine's own thread touches what follows.
    private Revision committed;
    private @Nullable Preparation preparation;
    /** Prepared, and switched to as soon as what is being carried out has ended. */
    private @Nullable Revision next;
    /** Passed its trial, and couldn't be committed yet. */
    private @Nullable Attempt passed;

    private Optional<Problem> trouble = Optional.empty();
    private long keepAgainAt;

    /**
     * Reads where it was from the data folder; {@link #start} sets it going.
     *
     * @param data the device's data folder
     * @param alive called whenever the engine turns, at least once a minute while it is well
     */
    public Engine(Path data, Hands hands, Ticker ticker, InstantSource clock, RandomGenerator random, Runnable alive) {
        this(data, hands, ticker, clock, random, alive, UnaryOperator.identity());
    }

    Engine(
            Path data,
            Hands hands,
            Ticker ticker,
            InstantSource clock,
            RandomGenerator random,
            Runnable alive,
            UnaryOperator<StepEffects> around) {
        this.parts = Parts.open(data);
        this.store = RevisionStore.open(data);
        this.outcomes = new Outcomes(store);
        this.shortages = new Shortages(ticker);
        this.hands = hands;
        this.observation = new Observation(hands);
        this.ticker = ticker;
        this.random = random;
        this.alive = alive;
        Cleanup cleanup = new Cleanup(store, hands, () -> coming);
        StepEffects effects = new Effects(hands, store, outcomes, cleanup, ticker);
        this.runner = new StepRunner(store, around.apply(effects), hands, clock);
        this.pauses = backOff();
        this.reboots = new RecoveryReboots(data, hands.machine(), ticker);
        this.wakeup = new Wakeup(ticker);
        this.committed = store.current();
        this.keepAgainAt = ticker.nanos();
        this.standing = standingNow();
    }

    /** Begins to act. */
    public void start() {
        hands.containers().onChange(() -> {
            Transition now = transition;
            if (now != null) {
                now.stir();
            }
            wakeup.signal();
        });
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
            thread.join(CLOSING);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try {
            guarded(this::recover);
            long seen = wakeup.seen();
            while (!closed) {
                alive.run();
                long lookAgainAt = guarded(this::turn);
                publish();
                wakeup.await(seen, lookAgainAt);
                seen = wakeup.seen();
            }
            cancelPreparation();
            Transition now = transition;
            if (now != null) {
                now.close(CLOSING);
            }
        } catch (InterruptedException e) {
            LOG.log(System.Logger.Level.DEBUG, "the engine was interrupted", e);
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
            trouble = Optional.of(e.problem());
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.ERROR, "the engine failed and will try again", e);
            trouble = Optional.of(new Problem("device.internal", "Carrying out the workload failed: " + e + "."));
        }
        return ticker.nanos() + pauses.next().toNanos();
    }

    /** Takes up what an earlier daemon left. */
    private long recover() {
        Optional<Revision> interrupted = store.trying();
        if (interrupted.isPresent()) {
            takeUp(interrupted.get());
        } else if (committed.number() > 0) {
            collect();
        }
        return ticker.nanos();
    }

    private void takeUp(Revision revision) {
        Optional<Outcome> ended = store.outcome(revision.number());
        Journal journal = store.journal(revision);
        boolean planned = journal.interrupted()
                .filter(e -> e.kind().equals("reboot")
                        && !e.boot().equals(hands.machine().bootId()))
                .isPresent();
        if (ended.filter(o -> o.result() == Result.COMMITTED).isPresent()) {
            store.setCurrent(revision);
            store.endTrying();
            committed = revision;
            collect();
        } else if (ended.isPresent()) {
            goBack(revision);
        } else if (!planned && store.attempts(revision) >= ATTEMPTS) {
            String where = journal.interrupted()
                    .map(e -> ", the last time amid '" + e.step() + "'")
                    .orElse("");
            rollBack(
                    revision,
                    Reason.of(new Problem(
                            "revision.interrupted",
                            "Revision " + revision.number() + " was on trial " + ATTEMPTS
                                    + " times, and each time the device or its daemon went down" + where + ".")),
                    Result.ROLLED_BACK);
        } else {
            switchTo(revision, !planned);
        }
    }

    private long turn() {
        settle();
        Workload asked = asked();
        Workload wanted = shortages.attainable(outcomes.attainable(asked, committed.workload()), committed.workload());
        aimAt(wanted);
        takePrepared();
        long lookAgainAt = Math.min(ticker.nanos() + REST, shortages.nextTry());
        if (transition == null) {
            lookAgainAt = Math.min(lookAgainAt, keep());
            lookAgainAt = Math.min(lookAgainAt, reboots.look(hands.containers().status(), committed.workload()));
        }
        return lookAgainAt;
    }

    /** What the owners want, whether or not it can be had. */
    private Workload asked() {
        return parts.composed().orElse(committed.workload());
    }

    /** Takes note of what a transition came to. */
    private void settle() {
        if (passed != null) {
            commit(passed);
        }
        Transition now = transition;
        if (now == null || now.end().isEmpty()) {
            return;
        }
        transition = null;
        switch (now.end().get()) {
            case Transition.End.Done(Optional<Reason> reason) -> {
                switch (now.way()) {
                    case FORWARD -> commit(now.attempt());
                    case BACK -> wentBack(now);
                    case KEEP -> kept(reason);
                }
            }
            case Transition.End.Failed(Reason reason, boolean touched) -> {
                if (now.way() == Way.FORWARD) {
                    rollBack(now.revision(), reason, touched ? Result.ROLLED_BACK : Result.REFUSED);
                } else {
                    kept(Optional.of(reason));
                }
            }
            case Transition.End.Cancelled _ -> {
                if (now.way() == Way.FORWARD) {
                    superseded(now.revision());
                } else {
                    switchToNext();
                }
            }
        }
    }

    private void kept(Optional<Reason> reason) {
        trouble = reason.map(Reason::problem);
        if (reason.isPresent()) {
            keepAgainAt = ticker.nanos() + pauses.next().toNanos();
        }
        switchToNext();
    }

    private void superseded(Revision revision) {
        outcomes.ended(revision, Result.SUPERSEDED, List.of());
        if (next == null) {
            goBack(revision);
        } else {
            switchToNext();
        }
    }

    private void switchToNext() {
        Revision ready = next;
        if (ready != null && transition == null) {
            next = null;
            switchTo(ready, true);
        }
    }

    private void commit(Attempt attempt) {
        // Kept until it is done: a disk that takes nothing now may later, and nothing that runs has to go back for it.
        passed = attempt;
        Workload workload = attempt.target();
        Patience patience = new Patience(ticker);
        Optional<Reason> failure =
                runner.take(new Step.Commit(workload.digest().value(), Step.Why.UPDATE), attempt, patience);
        if (failure.isPresent()) {
            throw failure.get().problem().asException();
        }
        passed = null;
        committed = attempt.revision();
        hands.images().release();
        shortages.settled(workload);
        coming = preparation == null ? Workload.EMPTY : coming;
        trouble = Optional.empty();
        pauses.reset();
        LOG.log(System.Logger.Level.INFO, "revision {0} is committed", committed.number());
        publish();
        runner.take(new Step.Collect(List.of(), Step.Why.UPDATE), attempt, patience);
        switchToNext();
    }

    /** Sees to it that what is being prepared or carried out is what is wanted, if that is to be tried at all. */
    private void aimAt(Workload wanted) {
        Optional<Transition> forward = Optional.ofNullable(transition).filter(t -> t.way() == Way.FORWARD);
        boolean tried = forward.map(Transition::attempt)
                .or(() -> Optional.ofNullable(passed))
                .filter(a -> a.target().equals(wanted))
                .isPresent();
        if (tried || wanted.equals(committed.workload()) || outcomes.failedBefore(wanted)) {
            giveUpPreparing();
            if (!tried) {
                forward.ifPresent(Transition::cancel);
            }
            return;
        }
        boolean underWay = preparation != null
                && !preparation.mends()
                && preparation.revision().workload().equals(wanted);
        if (underWay || (next != null && next.workload().equals(wanted))) {
            return;
        }
        giveUpPreparing();
        cancelPreparation();
        Plan plan = Planner.update(observation.situation(committed, wanted, false), wanted);
        Revision revision = store.create(wanted, plan);
        coming = wanted;
        LOG.log(System.Logger.Level.INFO, "revision {0} is being prepared", revision.number());
        preparation = Preparation.start(
                new Attempt(revision, Way.FORWARD, wanted, committed.number()),
                plan.preparing(),
                runner,
                backOff(),
                ticker,
                wakeup::signal);
        publish();
    }

    private void takePrepared() {
        Preparation done = preparation;
        if (done == null) {
            return;
        }
        if (done.end().isEmpty()) {
            done.trouble().filter(p -> p.code().equals("disk.full")).ifPresent(p -> leaveOut(done, p));
            return;
        }
        preparation = null;
        switch (done.end().get()) {
            case Preparation.End.Refused(Reason reason) -> {
                outcomes.failed(done.revision(), Result.REFUSED, reason, committed.workload(), asked());
                hands.images().release();
                // Something else may be attainable now, and no container has changed that would tell.
                wakeup.signal();
            }
            case Preparation.End.Ready _ -> {
                if (done.mends()) {
                    keepAgainAt = ticker.nanos();
                    return;
                }
                next = done.revision();
                Transition now = transition;
                if (now == null && passed == null) {
                    switchToNext();
                } else if (now != null && now.way() != Way.BACK) {
                    now.cancel();
                }
            }
        }
    }

    /** When there isn't room for all that changes, what fits goes on without the rest. */
    private void leaveOut(Preparation stuck, Problem problem) {
        if (stuck.mends()) {
            return;
        }
        Workload wanted = stuck.revision().workload();
        var tooMuch = new Fitting(hands.images()).tooMuch(wanted, committed.workload());
        if (!tooMuch.isEmpty()) {
            shortages.note(tooMuch, wanted, Result.REFUSED, Reason.of(problem));
            giveUpPreparing();
            wakeup.signal();
        }
    }

    /** @param counts whether this beginning counts against the limit; not after a reboot that the plan itself asked for */
    private void switchTo(Revision revision, boolean counts) {
        int attempt = counts ? store.countAttempt(revision) : store.attempts(revision);
        store.setTrying(revision);
        LOG.log(System.Logger.Level.INFO, "switching to revision {0}, attempt {1}", revision.number(), attempt);
        boolean rebooted =
                store.journal(revision).rebooted(Way.FORWARD, hands.machine().bootId());
        Plan plan =
                Planner.update(observation.situation(committed, revision.workload(), rebooted), revision.workload());
        begin(new Attempt(revision, Way.FORWARD, revision.workload(), committed.number()), plan);
    }

    private void begin(Attempt attempt, Plan plan) {
        transition = Transition.start(attempt, plan.switching(), runner, ticker, wakeup::signal);
        publish();
    }

    private void rollBack(Revision revision, Reason reason, Result result) {
        LOG.log(
                System.Logger.Level.WARNING,
                "revision {0} goes back: {1}",
                revision.number(),
                reason.problem().sentence());
        if (reason.problem().code().equals("disk.full")) {
            List<String> changed = revision.workload().containers().entrySet().stream()
                    .filter(e -> !e.getValue()
                            .equals(committed.workload().containers().get(e.getKey())))
                    .map(java.util.Map.Entry::getKey)
                    .toList();
            shortages.note(
                    reason.container().isEmpty() ? changed : List.of(reason.container()),
                    revision.workload(),
                    result,
                    reason);
            outcomes.failedForNow(revision, result, reason);
        } else {
            outcomes.failed(revision, result, reason, committed.workload(), asked());
        }
        goBack(revision);
    }

    /** The committed containers again, and only these. What fails here is tried again by {@link #keep}. */
    private void goBack(Revision tried) {
        hands.images().release();
        String boot = hands.machine().bootId();
        Journal journal = store.journal(tried);
        boolean rebooted = journal.rebooted(Way.FORWARD, boot) && !journal.rebooted(Way.BACK, boot);
        Situation now = observation.situation(committed, committed.workload(), rebooted);
        Plan plan = Upkeep.goBack(now, tried.workload());
        begin(new Attempt(tried, Way.BACK, committed.workload(), committed.number()), plan);
    }

    private void wentBack(Transition done) {
        boolean unrestored = !hands.volumes().snapshots(committed.number()).isEmpty();
        outcomes.wentBack(done.revision(), hands.volumes().reports(committed.number()));
        if (unrestored) {
            // A program mustn't find data that it doesn't know: this is tried again until it is done.
            trouble = done.end()
                    .filter(Transition.End.Done.class::isInstance)
                    .flatMap(e -> ((Transition.End.Done) e).trouble())
                    .map(Reason::problem);
            keepAgainAt = ticker.nanos() + pauses.next().toNanos();
            return;
        }
        hands.volumes().keepOnly(java.util.Set.of());
        store.endTrying();
        keepAgainAt = ticker.nanos();
        wakeup.signal();
        switchToNext();
    }

    /** Starts what is committed and doesn't run, and stops what runs and isn't committed; returns when to look again. */
    private long keep() {
        Optional<Revision> back = store.trying();
        if (back.isPresent() && passed == null) {
            if (ticker.nanos() - keepAgainAt < 0) {
                return keepAgainAt;
            }
            goBack(back.get());
            return Long.MAX_VALUE;
        }
        Situation now = observation.situation(committed, committed.workload(), false);
        Plan plan = Upkeep.keep(now);
        if (plan.isEmpty()) {
            pauses.reset();
            trouble = passed == null ? Optional.empty() : trouble;
            return Long.MAX_VALUE;
        }
        if (ticker.nanos() - keepAgainAt < 0) {
            return keepAgainAt;
        }
        keepAgainAt = ticker.nanos() + pauses.next().toNanos();
        mendImages(now);
        begin(new Attempt(committed, Way.KEEP, committed.workload(), committed.number()), plan);
        return Long.MAX_VALUE;
    }

    private void mendImages(Situation now) {
        if (preparation != null || now.prepared().containsAll(Cleanup.manifests(committed.workload()))) {
            return;
        }
        LOG.log(System.Logger.Level.WARNING, "images of revision {0} are missing", committed.number());
        List<Step> fetching = Upkeep.fetching(now).steps();
        preparation = Preparation.start(
                new Attempt(committed, Way.KEEP, committed.workload(), committed.number()),
                fetching,
                runner,
                backOff(),
                ticker,
                wakeup::signal);
    }

    /** Removes what neither the current nor the previous revision needs. */
    private void collect() {
        runner.take(
                new Step.Collect(List.of(), Step.Why.BOOT),
                new Attempt(committed, Way.KEEP, committed.workload(), committed.number()),
                new Patience(ticker));
    }

    private void giveUpPreparing() {
        Revision ready = next;
        if (ready != null) {
            next = null;
            outcomes.ended(ready, Result.SUPERSEDED, List.of());
        }
        Preparation old = preparation;
        if (old != null && !old.mends()) {
            cancelPreparation();
            outcomes.ended(old.revision(), Result.SUPERSEDED, List.of());
            hands.images().release();
            coming = Workload.EMPTY;
        }
    }

    private void cancelPreparation() {
        if (preparation != null) {
            preparation.cancel();
            preparation = null;
        }
    }

    private BackOff backOff() {
        return new BackOff(Duration.ofSeconds(1), Duration.ofMinutes(5), random);
    }

    private void publish() {
        Standing now = standingNow();
        if (!now.equals(standing)) {
            standing = now;
            listeners.forEach(Runnable::run);
        }
    }

    private Standing standingNow() {
        return Standing.of(
                committed,
                Optional.ofNullable(transition),
                Optional.ofNullable(preparation),
                outcomes,
                shortages,
                asked(),
                trouble);
    }
}
