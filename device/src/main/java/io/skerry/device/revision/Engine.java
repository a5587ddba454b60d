package io.skerry.device.revision;

import io.skerry.device.retry.BackOff;
import io.skerry.spec.Problem;
import io.skerry.spec.ProblemException;
import io.skerry.spec.desired.Contents;
import io.skerry.spec.desired.Owner;
import io.skerry.spec.desired.Workload;
import io.skerry.spec.status.Outcome;
import io.skerry.spec.status.Outcome.Result;
import io.skerry.spec.status.Reason;
import io.skerry.spec.window.Schedule;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
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
 *       and all else goes on. A failure that is no one container's stands for the whole workload. What only room is lacking for,
 *       or what the disk doesn't take, is tried again by itself.
 *   <li>A newer workload takes the place of one that is being prepared, carried out or on trial; what is on trial stays watched
 *       until the newer one is ready to be switched to.
 *   <li>It fetches and switches only while the device's windows let it; what has begun is brought to its end, and nothing else waits
 *       for windows.
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

    private final Path data;
    private final Parts parts;
    private final RevisionStore store;
    private final ConfigContents contents;
    private final Outcomes outcomes;
    private final Shortages shortages;
    private final OpenTimes openTimes;
    private final ReentrantLock hearing = new ReentrantLock();
    private final Hands hands;
    private final Observation observation;
    private final StepRunner runner;
    private final Preparations preparations;
    private final Transitions transitions;
    private final Collector collector;
    private final RecoveryReboots reboots;
    private final Ticker ticker;
    private final RandomGenerator random;
    private final BackOff pauses;
    private final Wakeup wakeup;
    private final Runnable alive;
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private final Thread thread = Thread.ofVirtual().name("engine").unstarted(this::run);

    private volatile boolean closed;
    private volatile Standing standing;

    // Only the engine's own thread touches what follows.
    private Revision committed;
    /** Passed its trial, and couldn't be committed yet. */
    private @Nullable Attempt passed;

    private boolean recovered;
    private Optional<Problem> trouble = Optional.empty();
    private long keepAgainAt;
    private Situation shown = Situation.EMPTY;
    private Admission admission;

    /**
     * Reads where it was from the data folder; {@link #start} sets it going.
     *
     * @param data the device's data folder
     * @param clock for the journal
     * @param time what time it is, if that is known; windows go by it
     * @param alive called whenever the engine turns, at least once a minute while it is well
     */
    public Engine(
            Path data,
            Hands hands,
            Ticker ticker,
            InstantSource clock,
            Supplier<Optional<Instant>> time,
            RandomGenerator random,
            Runnable alive) {
        this(data, hands, ticker, clock, time, random, alive, UnaryOperator.identity());
    }

    /** @param around for tests: what stands between a step and its effect */
    Engine(
            Path data,
            Hands hands,
            Ticker ticker,
            InstantSource clock,
            Supplier<Optional<Instant>> time,
            RandomGenerator random,
            Runnable alive,
            UnaryOperator<StepEffects> around) {
        this.data = data;
        this.parts = Parts.open(data);
        this.store = RevisionStore.open(data);
        this.contents = new ConfigContents(data);
        this.outcomes = new Outcomes(store);
        this.shortages = new Shortages(ticker);
        this.openTimes = new OpenTimes(store, hands, time);
        this.hands = hands;
        this.observation = new Observation(hands);
        this.ticker = ticker;
        this.random = random;
        this.alive = alive;
        this.wakeup = new Wakeup(ticker);
        this.preparations =
                new Preparations(store, outcomes, hands, this::backOff, ticker, wakeup::signal, this::giveBack);
        Cleanup cleanup = new Cleanup(
                store,
                contents,
                hands,
                () -> List.of(preparations.coming(), parts.composed().orElse(Workload.EMPTY)));
        this.runner =
                new StepRunner(store, around.apply(new Effects(hands, store, outcomes, cleanup, ticker)), hands, clock);
        this.transitions = new Transitions(store, hands, runner, ticker, wakeup::signal);
        this.collector = new Collector(runner, ticker, alive);
        this.reboots = new RecoveryReboots(data, hands.machine(), ticker);
        this.pauses = backOff();
        this.committed = store.current();
        this.keepAgainAt = ticker.nanos();
        this.admission = new Admission(committed.workload(), true, List.of());
        this.standing = standingNow();
    }

    /** Begins to act. */
    public void start() {
        hands.containers().onChange(() -> {
            transitions.stir();
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
        boolean other = parts.put(owner, workload);
        // Offers that change nothing come often, and the engine needn't look at the device for each.
        if (outcomes.retryToken(retryToken) || other) {
            wakeup.signal();
        }
    }

    /** What is said within this is heard as one: a new workload doesn't meet the windows of the one before. */
    public void together(Runnable orders) {
        hearing.lock();
        try {
            orders.run();
        } finally {
            hearing.unlock();
        }
    }

    /** Says when changes may be made from now on. Returns as soon as that is on the disk. */
    public void follow(Schedule schedule) {
        if (openTimes.follow(schedule)) {
            wakeup.signal();
        }
    }

    /**
     * Has what the configuration files of a workload say at hand, before it is {@link #offer offered}.
     *
     * @throws ProblemException {@code document.contents}, {@code disk.…}
     */
    public void hold(Optional<Contents> said) {
        contents.keep(said.map(Contents::verified).orElse(Map.of()));
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
            long seen = wakeup.seen();
            while (!closed) {
                alive.run();
                // Nothing is decided before it is known where the daemon before was.
                long lookAgainAt = guarded(recovered ? this::turn : this::recover);
                publish();
                wakeup.await(seen, lookAgainAt);
                seen = wakeup.seen();
            }
            preparations.cancel();
            transitions.close(CLOSING);
            discount();
        } catch (InterruptedException e) {
            LOG.log(System.Logger.Level.DEBUG, "the engine was interrupted", e);
        }
    }

    private void discount() {
        try {
            transitions.discountInterrupted();
        } catch (ProblemException | Patience.CancelledException e) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "the interrupted trial counts as one that failed: " + e.getMessage(),
                    e);
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
        Optional<Revision> interrupted = store.trying().or(store::begun);
        if (interrupted.isPresent()) {
            takeUp(interrupted.get());
        } else if (committed.number() > 0) {
            // When what is committed runs again: a device that boots needn't wait for that.
            collector.littered();
        }
        recovered = true;
        return ticker.nanos();
    }

    private void takeUp(Revision revision) {
        Optional<Outcome> ended = store.outcome(revision.number());
        Optional<JournalEntry> amid = store.journal(revision).interrupted();
        boolean planned = amid.filter(e -> e.kind().equals("reboot")
                        && !e.boot().equals(hands.machine().bootId()))
                .isPresent();
        if (ended.filter(o -> o.result() == Result.COMMITTED).isPresent()) {
            committed = revision;
            linkCommitted();
            collector.littered();
        } else if (ended.isPresent()) {
            transitions.back(revision, committed);
        } else if (!planned && store.attempts(revision) >= ATTEMPTS) {
            String where =
                    amid.map(e -> ", the last time amid '" + e.step() + "'").orElse("");
            rollBack(
                    revision,
                    Reason.of(new Problem(
                            "revision.interrupted",
                            "Revision " + revision.number() + " was on trial " + ATTEMPTS
                                    + " times, and each time the device or its daemon went down" + where + ".")),
                    Result.ROLLED_BACK);
        } else if (!hasBegun(revision) && !mayBegin(revision)) {
            // It waited for leave to begin when the daemon ended, and its window has closed since.
            outcomes.superseded(revision);
            giveBack(revision);
            transitions.back(revision, committed);
        } else {
            try {
                transitions.forward(revision, committed, !planned);
            } catch (ProblemException e) {
                // A disk that takes nothing must not keep the device without either.
                rollBack(revision, Reason.of(e.problem()), Result.ROLLED_BACK);
            }
        }
    }

    private boolean hasBegun(Revision revision) {
        return store.attempts(revision) > 0 || store.journal(revision).switched();
    }

    private boolean mayBegin(Revision revision) {
        Admission now =
                openTimes.admission(revision.workload(), committed.workload(), Optional.empty(), revision.workload());
        return now.switches() && now.aim().equals(revision.workload());
    }

    /** Of a commit whose outcome is on the disk already; what the disk doesn't take now is done another time. */
    private void linkCommitted() {
        try {
            store.setCurrent(committed);
            store.endTrying();
        } catch (ProblemException e) {
            LOG.log(System.Logger.Level.WARNING, e.problem().sentence(), e);
        }
    }

    private long turn() {
        outcomes.catchUp();
        if (passed != null) {
            commit(passed);
        }
        transitions.takeEnded().ifPresent(this::settle);
        Optional<ProblemException> hindrance = approach();
        long lookAgainAt = Math.min(ticker.nanos() + REST, shortages.nextTry());
        if (transitions.current().isEmpty()) {
            lookAgainAt = Math.min(lookAgainAt, keep(hindrance.isPresent()));
            lookAgainAt = Math.min(lookAgainAt, reboots.look(hands.containers().status(), committed.workload()));
        }
        if (hindrance.isPresent()) {
            throw hindrance.get();
        }
        return lookAgainAt;
    }

    /** Gets on with what is wanted; what hinders that, such as a full disk, must not keep what is committed from running. */
    private Optional<ProblemException> approach() {
        try {
            admission = admission();
            aimAt(admission.aim());
            preparations.outOfRoom().ifPresent(this::leaveOut);
            preparations.takeEnded().ifPresent(this::prepared);
            switchToReady();
            return Optional.empty();
        } catch (ProblemException e) {
            return Optional.of(e);
        }
    }

    private Admission admission() {
        hearing.lock();
        try {
            Workload attainable = outcomes.attainable(asked(), committed.workload());
            return openTimes.admission(
                    shortages.attainable(attainable, committed.workload()),
                    committed.workload(),
                    begun(),
                    preparations.coming());
        } finally {
            hearing.unlock();
        }
    }

    /** What is being switched to and has begun to change what runs: no window that closes ends it. */
    private Optional<Workload> begun() {
        return transitions
                .forward()
                .filter(t -> t.counted() || store.journal(t.revision()).switched())
                .map(Transition::attempt)
                .or(() -> Optional.ofNullable(passed))
                .map(Attempt::target);
    }

    /** What the owners want, whether or not it can be had. */
    private Workload asked() {
        return parts.composed().orElse(committed.workload());
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
                .or(() -> Optional.ofNullable(passed))
                .filter(a -> a.target().equals(wanted))
                .isPresent();
        if (tried || wanted.equals(committed.workload()) || outcomes.failedBefore(wanted)) {
            preparations.giveUp();
            if (!tried) {
                transitions.forward().ifPresent(Transition::cancel);
            }
        } else {
            preparations.aimAt(wanted, committed, runner);
        }
    }

    private void prepared(Preparation done) {
        if (done.end().orElseThrow() instanceof Preparation.End.Refused(Reason reason)) {
            outcomes.failed(done.revision(), Result.REFUSED, reason, committed.workload(), asked());
            // Something else may be attainable now, and no container has changed that would tell.
            wakeup.signal();
        } else if (done.mends()) {
            keepAgainAt = ticker.nanos();
        }
    }

    /** When there isn't room for all that changes, what fits goes on without the rest. */
    private void leaveOut(Preparation stuck) {
        Workload wanted = stuck.revision().workload();
        Set<String> tooMuch =
                new Fitting(hands.images(), stuck.revision().number()).tooMuch(wanted, committed.workload());
        Optional<Problem> problem = stuck.trouble();
        if (!tooMuch.isEmpty() && problem.isPresent()) {
            shortages.note(tooMuch, wanted, Result.REFUSED, Reason.of(problem.get()));
            preparations.giveUp();
            wakeup.signal();
        }
    }

    /** What is ready is switched to once nothing else is carried out; only the way back isn't cut short for it. */
    private void switchToReady() {
        if (!admission.switches() || !preparations.hasReady() || passed != null) {
            return;
        }
        if (transitions.current().isPresent()) {
            transitions.current().filter(t -> t.way() != Way.BACK).ifPresent(Transition::cancel);
        } else if (store.trying().isEmpty() || !hasGoneBack(store.trying().get())) {
            preparations.takeReady().ifPresent(r -> transitions.forward(r, committed, true));
        }
    }

    /** Whether a revision ended otherwise than by a newer one, so that the way back from it must be gone first. */
    private boolean hasGoneBack(Revision tried) {
        return store.outcome(tried.number())
                .filter(o -> o.result() != Result.SUPERSEDED)
                .isPresent();
    }

    /** Takes note of what a transition came to. */
    private void settle(Transition over) {
        switch (over.end().orElseThrow()) {
            case Transition.End.Done(Optional<Reason> reason) -> {
                switch (over.way()) {
                    case FORWARD -> commit(over.attempt());
                    case BACK -> wentBack(over.revision(), reason);
                    case KEEP -> kept(reason);
                }
            }
            case Transition.End.Failed(Reason reason, boolean touched) -> {
                switch (over.way()) {
                    case FORWARD -> rollBack(over.revision(), reason, touched ? Result.ROLLED_BACK : Result.REFUSED);
                    case BACK -> wentBack(over.revision(), Optional.of(reason));
                    case KEEP -> kept(Optional.of(reason));
                }
            }
            case Transition.End.Cancelled _ -> {
                if (over.way() == Way.FORWARD) {
                    outcomes.superseded(over.revision());
                    giveBack(over.revision());
                    if (!preparations.hasReady()) {
                        transitions.back(over.revision(), committed);
                    }
                }
            }
        }
    }

    private void commit(Attempt attempt) {
        // Kept until it is done: a disk that takes nothing now may later, and nothing that runs has to go back for it.
        passed = attempt;
        Patience patience = new Patience(ticker);
        String workload = attempt.target().digest().value();
        Optional<Reason> failure = runner.take(new Step.Commit(workload, Step.Why.UPDATE), attempt, patience);
        if (failure.isPresent()) {
            throw failure.get().problem().asException();
        }
        passed = null;
        committed = attempt.revision();
        preparations.committed();
        giveBack(committed);
        shortages.settled(committed.workload());
        trouble = Optional.empty();
        pauses.reset();
        LOG.log(System.Logger.Level.INFO, "revision {0} is committed", committed.number());
        publish();
        collector.collect(attempt, Step.Why.UPDATE);
    }

    private void rollBack(Revision revision, Reason reason, Result result) {
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
            outcomes.failed(revision, result, reason, committed.workload(), asked());
        }
        giveBack(revision);
        transitions.back(revision, committed);
    }

    /** The containers that all others can go on without when they are left as they were. */
    private List<String> blamed(Workload workload, Reason reason) {
        if (!reason.container().isEmpty()) {
            return List.of(reason.container());
        }
        return reason.problem().code().equals(Shortages.REBOOT_FAILED)
                ? Placement.needingReboot(committed.workload(), workload)
                : changed(workload);
    }

    /** The room that was taken for a revision and isn't needed any more. */
    private void giveBack(Revision revision) {
        try {
            hands.images().release(revision.number());
        } catch (ProblemException e) {
            LOG.log(System.Logger.Level.WARNING, e.problem().sentence(), e);
            collector.littered();
        }
    }

    private List<String> changed(Workload workload) {
        return workload.containers().entrySet().stream()
                .filter(e -> !Forms.same(
                        e.getValue(),
                        Optional.ofNullable(committed.workload().containers().get(e.getKey()))))
                .map(Map.Entry::getKey)
                .toList();
    }

    private void wentBack(Revision tried, Optional<Reason> reason) {
        outcomes.wentBack(tried, hands.volumes().reports(committed.number()));
        if (!hands.volumes().snapshots(committed.number()).isEmpty()) {
            // A program mustn't find data that it doesn't know: what is kept is put back until that is done.
            trouble = reason.map(Reason::problem);
            keepAgainAt = ticker.nanos() + pauses.next().toNanos();
            return;
        }
        try {
            hands.volumes().keepOnly(Set.of());
        } catch (ProblemException e) {
            LOG.log(System.Logger.Level.WARNING, e.problem().sentence(), e);
            collector.littered();
        }
        store.endTrying();
        keepAgainAt = ticker.nanos();
        wakeup.signal();
    }

    private void kept(Optional<Reason> reason) {
        trouble = reason.map(Reason::problem);
        if (reason.isPresent()) {
            keepAgainAt = ticker.nanos() + pauses.next().toNanos();
        }
    }

    /** Starts what is committed and doesn't run, and stops what runs and isn't committed; returns when to look again. */
    private long keep(boolean hindered) {
        if (ticker.nanos() - keepAgainAt < 0) {
            return keepAgainAt;
        }
        Optional<Revision> unfinished = passed == null ? store.trying() : Optional.empty();
        if (unfinished.filter(r -> r.number() == committed.number()).isPresent()) {
            linkCommitted();
        } else if (unfinished.isPresent()) {
            transitions.back(unfinished.get(), committed);
            return Long.MAX_VALUE;
        }
        Situation now = observation.situation(committed, asked(), Set.of(), false);
        show(now);
        Plan plan = Upkeep.keep(now);
        if (plan.isEmpty() || passed != null) {
            if (!hindered) {
                pauses.reset();
                trouble = passed == null ? Optional.empty() : trouble;
            }
            collector.collectIfDue(new Attempt(committed, Way.KEEP, committed.workload(), committed.number()));
            return Long.MAX_VALUE;
        }
        keepAgainAt = ticker.nanos() + pauses.next().toNanos();
        preparations.mend(now, committed, runner);
        transitions.keep(plan, committed);
        return Long.MAX_VALUE;
    }

    /** For whoever asks what would be done; no reason to stop anything when it can't be kept. */
    private void show(Situation now) {
        if (now.equals(shown)) {
            return;
        }
        try {
            PlanPreview.keep(data, now);
            shown = now;
        } catch (ProblemException e) {
            LOG.log(System.Logger.Level.WARNING, e.problem().sentence(), e);
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
                transitions.current(),
                preparations.current(),
                outcomes,
                shortages,
                admission,
                asked(),
                trouble,
                openTimes.problems());
    }
}
