package io.skerry.device.revision;

import io.skerry.spec.ProblemException;
import io.skerry.spec.status.Reason;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One daemon's life, until it is killed: from that on nothing that it still does reaches the device or its disk. All that it does
 * passes here.
 */
final class Life implements FaultyDisk.Guard {
    private final Path data;
    private final Ground ground;
    private final Places places;
    private final Ticker ticker;
    /** Signalled at each turn of the engine, and at the end. */
    private final Wakeup turns = new Wakeup(System::nanoTime);

    private final Set<Thread> acting = ConcurrentHashMap.newKeySet();

    private volatile boolean over;
    private @Nullable Engine engine;

    Life(Path data, Ground ground, Places places, Ticker ticker) {
        this.data = data;
        this.ground = ground;
        this.places = places;
        this.ticker = ticker;
    }

    /** May end at once. */
    void begin() {
        try {
            Hands hands = ground.open(this);
            Engine fresh = new Engine(
                    disk(),
                    new Hands(
                            gate(Images.class, hands.images()),
                            gate(Containers.class, hands.containers()),
                            gate(Volumes.class, hands.volumes()),
                            gate(Machine.class, hands.machine())),
                    ticker,
                    InstantSource.system(),
                    Optional::empty,
                    // The shortest pauses that there are.
                    () -> 0,
                    this::turned,
                    effects -> (step, attempt, patience) -> carryOut(effects, step, attempt, patience));
            engine = fresh;
            fresh.start();
        } catch (Patience.CancelledException e) {
            over = true;
        } catch (ProblemException e) {
            if (!e.code().startsWith("disk.")) {
                throw new AssertionError("the daemon doesn't start", e);
            }
            // It is started again.
            over = true;
        }
    }

    Engine engine() {
        return Objects.requireNonNull(engine);
    }

    /** The data folder as this daemon sees it. */
    Path disk() {
        return new FaultyDisk(data, this).root();
    }

    private void turned() {
        turns.signal();
        if (over) {
            // A dead one may go on turning until it is closed; nothing comes of it.
            ground.dead(this);
        }
    }

    /** @return for the thread that it strikes to throw, if it comes back at all */
    RuntimeException kill() {
        over = true;
        turns.signal();
        return ground.dead(this);
    }

    boolean isOver() {
        return over;
    }

    /** After this none of its threads is left. */
    void close() {
        if (engine != null) {
            engine.close();
        }
    }

    /** Whether this thread is at a step. */
    boolean atStep() {
        return places.taken().isPresent();
    }

    /** Those of its threads that something is being done by just now that no other place interrupts. */
    Set<Thread> acting() {
        return acting;
    }

    /** Waits until the engine has turned so often, nudging it; false when it died meanwhile. */
    boolean turns(int times, Runnable nudge) {
        for (int i = 0; i < times && !over; i++) {
            long before = turns.seen();
            nudge.run();
            while (turns.seen() == before && !over) {
                if (!turned(before, TimeUnit.SECONDS.toNanos(30))) {
                    throw new AssertionError("the engine doesn't turn any more");
                }
            }
        }
        return !over;
    }

    /** Leaves the engine some time to get on, as long as it does nothing new at most. */
    void pause() {
        turned(turns.seen(), ground.pace().toNanos());
    }

    private boolean turned(long before, long limit) {
        try {
            turns.await(before, System.nanoTime() + limit);
            return turns.seen() != before;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private Optional<Reason> carryOut(StepEffects effects, Step step, Attempt attempt, Patience patience) {
        check();
        Places.Taken taken = new Places.Taken(step, attempt);
        places.begin(taken);
        try {
            Optional<Reason> instead = places.before(taken);
            if (instead.isPresent()) {
                return instead;
            }
            Optional<Reason> failure = effects.carryOut(step, attempt, patience);
            places.after(taken);
            return failure;
        } finally {
            places.end();
        }
    }

    /** For a thread of this daemon: it doesn't get on when the daemon is dead. */
    void check() {
        if (over) {
            throw ground.dead(this);
        }
    }

    private <T> T gate(Class<T> type, T behind) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (_, method, arguments) -> {
                    check();
                    acting.add(Thread.currentThread());
                    try {
                        Object result = method.invoke(behind, arguments);
                        check();
                        places.amid(method.getName());
                        return result;
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    } finally {
                        acting.remove(Thread.currentThread());
                    }
                }));
    }

    @Override
    public void changing(String operation) throws IOException {
        check();
        // What is kept for previews is no part of any step, and written as often as the engine comes to rest.
        if (!operation.contains("situation.json")) {
            places.disk(operation);
        }
    }

    @Override
    public void reading() {
        check();
    }
}
