package io.skerry.cloud;

import io.skerry.cloud.node.Presence;
import io.skerry.cloud.node.SharedPresence;
import io.skerry.cloud.replica.ChangeFollower;
import io.skerry.cloud.replica.ChangeLog;
import io.skerry.cloud.replica.Replicas;
import io.skerry.cloud.storage.Storage;
import io.skerry.spec.ProblemException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a process does all the time because others may be on its database: hears them, and says that it lives. */
final class Replication implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Replication.class);

    private final Storage storage;
    private final Replicas replicas;
    private final ChangeLog changes;
    private final ChangeFollower follower;
    private final ChangeFollower.Audience audience;
    private final Presence presence;
    private final SharedPresence presences;
    private final Consumer<Set<String>> onDeath;
    private final ReentrantLock beating = new ReentrantLock();
    private volatile Set<String> alive = Set.of();
    private volatile String address = "";
    private volatile boolean joined;
    private volatile List<Future<?>> running = List.of();
    private volatile boolean closed;

    /** @param onDeath told the ids of those that live, this one among them, when another one has died */
    Replication(
            Storage storage,
            Replicas replicas,
            ChangeLog changes,
            ChangeFollower follower,
            ChangeFollower.Audience audience,
            Presence presence,
            Consumer<Set<String>> onDeath) {
        this.storage = storage;
        this.replicas = replicas;
        this.changes = changes;
        this.follower = follower;
        this.audience = audience;
        this.presence = presence;
        this.presences = new SharedPresence(storage, presence, replicas.self());
        this.onDeath = onDeath;
    }

    /** Says that this one lives, before it does anything that the others mustn't do at the same time; gives who does. */
    Set<String> announce() {
        storage.write(h -> replicas.beat(h, address));
        alive = storage.read(replicas::alive);
        return alive;
    }

    /**
     * Joins the others.
     *
     * @param at where they reach this one's devices' port
     */
    void start(String at, ScheduledExecutorService timer, ExecutorService threads) {
        address = at;
        joined = true;
        beat();
        long every = Replicas.BEAT.toMillis();
        running = List.of(
                timer.scheduleWithFixedDelay(
                        () -> threads.execute(this::beatQuietly), every, every, TimeUnit.MILLISECONDS),
                threads.submit(this::follow));
    }

    private void follow() {
        boolean wellBefore = true;
        while (!closed) {
            try {
                Thread.sleep(ChangeFollower.EVERY);
                follower.look(audience);
                wellBefore = true;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            } catch (RuntimeException e) {
                if (wellBefore && !closed) {
                    LOG.warn("What other processes did can't be read; it is tried again all the time.", e);
                }
                wellBefore = false;
            }
        }
    }

    private void beatQuietly() {
        try {
            beat();
        } catch (RuntimeException e) {
            LOG.warn("The others weren't told that this process lives; it is tried again in some seconds.", e);
        }
    }

    private void beat() {
        if (closed || !joined || !beating.tryLock()) {
            return;
        }
        try {
            storage.write(h -> {
                presences.tell(h, !replicas.beat(h, address));
                changes.forgetOld(h);
                return address;
            });
            replicas.forgetDead();
            Set<String> now = storage.read(replicas::alive);
            boolean died = !now.containsAll(alive);
            if (died) {
                // Before its devices are seen to be away.
                presence.unsettle();
            }
            presences.look();
            if (died) {
                // Who looked meanwhile may have taken the dead one's devices for present.
                presence.unsettle();
                onDeath.accept(now);
            }
            // Last: what failed before is done again.
            alive = now;
        } finally {
            beating.unlock();
        }
    }

    /** Leaves the others, who know it at once. */
    @Override
    public void close() {
        closed = true;
        running.forEach(f -> f.cancel(true));
        beating.lock();
        try {
            replicas.leave();
        } catch (ProblemException e) {
            LOG.warn("The others weren't told that this process ends; they find out by themselves.", e);
        } finally {
            beating.unlock();
        }
    }
}
