package io.skerry.device.revision;

import io.skerry.device.retry.BackOff;
import io.skerry.spec.Digest;
import io.skerry.spec.Problem;
import io.skerry.spec.ProblemException;
import io.skerry.spec.desired.Contents;
import io.skerry.spec.desired.Owner;
import io.skerry.spec.desired.Workload;
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
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/**
 * Brings the device from the workload that it has to the one that is wanted: prepare, switch, watch, then commit or go back
 * (architecture §4). {@link Pursuit}, {@link Settlement}, {@link Maintenance} and {@link Resumption} decide what is done; {@link
 * Preparation} and {@link Transition} take the steps on threads of their own.
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
    private static final System.Logger LOG = System.getLogger(Engine.class.getName());
    private static final Duration REST = Duration.ofMinutes(1);
    private static final int MOST_LATER_MILLIS = 30_000;

    /** Where the clock stands still just before a window opens. */
    private static final Duration SHORTEST_REST = Duration.ofMillis(20);

    private static final Duration CLOSING = Duration.ofSeconds(15);

    private final ConfigContents contents;
    private final Demand demand;
    private final Outcomes outcomes;
    private final Shortages shortages;
    private final Hands hands;
    private final Preparations preparations;
    private final Transitions transitions;
    private final Progress progress;
    private final Resumption resumption;
    private final Settlement settlement;
    private final Pursuit pursuit;
    private final Maintenance maintenance;
    private final Inspections inspections;
    private final KeptLockWaits lockWaits;
    private final RecoveryReboots reboots;
    private final Ticker ticker;
    private final RandomGenerator random;
    private final Wakeup wakeup;
    private final Runnable alive;
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private final Thread thread = Thread.ofVirtual().name("engine").unstarted(this::run);

    private volatile boolean closed;
    private volatile Standing standing;

    /** Whether what an earlier daemon left is taken up; for the engine's thread. */
    private boolean recovered;

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
        RevisionStore store = RevisionStore.open(data);
        this.contents = new ConfigContents(data);
        this.outcomes = new Outcomes(store);
        this.shortages = new Shortages(ticker);
        this.demand = new Demand(
                Parts.open(data),
                outcomes,
                shortages,
                new OpenTimes(store, hands, time, Duration.ofMillis(random.nextInt(MOST_LATER_MILLIS))));
        this.hands = hands;
        this.ticker = ticker;
        this.random = random;
        this.alive = alive;
        this.wakeup = new Wakeup(ticker);
        this.progress = new Progress(store, ticker, backOff());
        Cleanup cleanup = new Cleanup(store, contents, hands, this::wantedWorkloads);
        this.lockWaits = new KeptLockWaits(store);
        StepRunner runner = new StepRunner(
                store, around.apply(new Effects(hands, store, outcomes, cleanup, lockWaits, ticker)), hands, clock);
        Collector collector = new Collector(runner, hands.images(), ticker, alive);
        this.preparations = new Preparations(
                store, outcomes, hands, runner, this::backOff, ticker, wakeup::signal, collector::release);
        this.transitions = new Transitions(store, hands, runner, ticker, wakeup::signal);
        this.inspections = new Inspections(hands.images(), wakeup::signal);
        this.settlement = new Settlement(
                progress,
                store,
                hands.volumes(),
                demand,
                outcomes,
                shortages,
                inspections,
                preparations,
                transitions,
                runner,
                collector,
                ticker,
                wakeup::signal,
                this::publish);
        this.resumption =
                new Resumption(progress, store, demand, outcomes, transitions, settlement, collector, hands.machine());
        this.pursuit = new Pursuit(
                progress,
                store,
                hands.images(),
                demand,
                outcomes,
                shortages,
                preparations,
                transitions,
                wakeup::signal);
        this.maintenance = new Maintenance(
                data, progress, store, new Observation(hands), demand, preparations, transitions, collector);
        this.reboots = new RecoveryReboots(data, hands.machine(), ticker);
        this.standing = standingNow();
    }

    /** Whose content mustn't be collected although no kept revision has it. */
    private List<Workload> wantedWorkloads() {
        return List.of(preparations.coming(), demand.composed().orElse(Workload.EMPTY));
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
        // Offers that change nothing come often, and the engine needn't look at the device for each.
        if (demand.offer(owner, workload, retryToken)) {
            wakeup.signal();
        }
    }

    /** What is said within this is heard as one: a new workload doesn't meet the windows of the one before. */
    public void together(Runnable orders) {
        demand.together(orders);
    }

    /** Says when changes may be made from now on. Returns as soon as that is on the disk. */
    public void follow(Schedule schedule) {
        if (demand.follow(schedule)) {
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
            inspections.close();
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
            progress.hindered(e.problem());
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.ERROR, "the engine failed and will try again", e);
            progress.hindered(new Problem("device.internal", "Carrying out the workload failed: " + e + "."));
        }
        return progress.afterPause();
    }

    private long recover() {
        resumption.takeUp();
        recovered = true;
        return ticker.nanos();
    }

    private long turn() {
        outcomes.catchUp();
        heal(inspections.takeFound());
        progress.passed().ifPresent(settlement::commit);
        transitions.takeEnded().ifPresent(settlement::settle);
        Optional<ProblemException> hindrance = pursuit.goOn();
        long lookAgainAt = Math.min(ticker.nanos() + untilNextLook().toNanos(), shortages.nextTry());
        if (transitions.current().isEmpty()) {
            Workload committed = progress.committed().workload();
            if (lockWaits.any()) {
                lockWaits.held(hands.containers()::holdsUpdateLock);
                lockWaits.stillFor(demand.pursued(committed), committed);
            }
            lookAgainAt = Math.min(lookAgainAt, maintenance.keep(hindrance.isPresent()));
            inspections.look(hands.containers().status());
            lookAgainAt = Math.min(lookAgainAt, reboots.look(hands.containers().status(), committed));
        }
        if (hindrance.isPresent()) {
            throw hindrance.get();
        }
        return lookAgainAt;
    }

    /** Until a window opens that is waited for, if that is soon. */
    private Duration untilNextLook() {
        return demand.untilOpening(pursuit.admission())
                .filter(opening -> opening.compareTo(REST) < 0)
                .map(opening -> opening.compareTo(SHORTEST_REST) < 0 ? SHORTEST_REST : opening)
                .orElse(REST);
    }

    /** What is committed of these images is fetched again, and what failed with them is tried again. */
    private void heal(Set<Digest> damaged) {
        if (!damaged.isEmpty()) {
            outcomes.excuse(damaged, demand.asked(progress.committed().workload()));
            progress.keepNow();
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
        Revision committed = progress.committed();
        return Standing.of(
                committed,
                transitions.current(),
                preparations.current(),
                outcomes,
                shortages,
                pursuit.admission(),
                demand.asked(committed.workload()),
                progress.trouble(),
                Stream.of(progress.loss().stream(), maintenance.problems().stream(), demand.problems().stream())
                        .flatMap(s -> s)
                        .toList());
    }
}
