package io.skerry.device.link;

import io.skerry.device.retry.BackOff;
import io.skerry.device.watch.LifeSign;
import io.skerry.spec.ProblemException;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * Sends the status when it changed, gathered for a moment, and now and then though it didn't; one at a time, on a thread of
 * its own. What couldn't be sent is sent when the cloud is back.
 */
final class StatusReporter {
    private static final System.Logger LOG = System.getLogger(StatusReporter.class.getName());

    private final CloudClient cloud;
    private final Supplier<byte[]> status;
    private final LinkProblems problems;
    private final LinkPace pace;
    private final LifeSign life;
    private final BackOff failures;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Thread thread = Thread.ofVirtual().name("status").unstarted(this::run);
    private boolean dirty = true;
    private boolean hurry;

    StatusReporter(
            CloudClient cloud,
            Supplier<byte[]> status,
            LinkProblems problems,
            LinkPace pace,
            LifeSign life,
            RandomGenerator random) {
        this.cloud = cloud;
        this.status = status;
        this.problems = problems;
        this.pace = pace;
        this.life = life;
        this.failures = pace.failures(random);
    }

    void start() {
        thread.start();
    }

    void stop() {
        thread.interrupt();
    }

    /** The status is another now. */
    void changed() {
        signal(false);
    }

    /** The cloud is reached again: what is waiting for its next attempt needn't wait longer. */
    void reconnected() {
        signal(true);
    }

    private void signal(boolean now) {
        lock.lock();
        try {
            dirty = true;
            hurry |= now;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                life.waits(pace.statusInterval());
                awaitChange();
                life.waits(pace.debounce());
                Thread.sleep(pace.debounce());
                send();
            }
        } catch (InterruptedException e) {
            LOG.log(System.Logger.Level.DEBUG, "reporting ends", e);
        }
    }

    private void send() throws InterruptedException {
        lock.lock();
        try {
            dirty = false;
            hurry = false;
        } finally {
            lock.unlock();
        }
        try {
            cloud.putStatus(status.get());
            failures.reset();
            problems.set("status", Optional.empty());
            return;
        } catch (ProblemException e) {
            problems.set("status", Optional.of(e.problem()));
        } catch (IOException e) {
            LOG.log(System.Logger.Level.DEBUG, "the status can't be sent now", e);
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.ERROR, "the status can't be made or sent", e);
        }
        lock.lock();
        try {
            dirty = true;
        } finally {
            lock.unlock();
        }
        Duration pause = failures.next();
        life.waits(pause);
        pause(pause);
    }

    private void awaitChange() throws InterruptedException {
        lock.lock();
        try {
            long left = pace.statusInterval().toNanos();
            while (!dirty && left > 0) {
                left = changed.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }

    private void pause(Duration most) throws InterruptedException {
        lock.lock();
        try {
            long left = TimeUnit.MILLISECONDS.toNanos(most.toMillis());
            while (!hurry && left > 0) {
                left = changed.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }
}
