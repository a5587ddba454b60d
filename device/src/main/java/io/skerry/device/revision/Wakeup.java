package io.skerry.device.revision;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Wakes one thread that waits for time to pass or for something to happen; nothing that happens is slept through. */
final class Wakeup {
    /** A ticker that stands still, or a machine that slept, mustn't keep the thread waiting for longer. */
    private static final long LONGEST_NANOS = TimeUnit.SECONDS.toNanos(60);

    private final Ticker ticker;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition signalled = lock.newCondition();
    private long signals;

    Wakeup(Ticker ticker) {
        this.ticker = ticker;
    }

    /** Something has happened. */
    void signal() {
        lock.lock();
        try {
            signals++;
            signalled.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** How much has happened; to be read before one looks at what is there. */
    long seen() {
        lock.lock();
        try {
            return signals;
        } finally {
            lock.unlock();
        }
    }

    /** Waits until more has happened than was seen, or until this time of the ticker. */
    void await(long seen, long until) throws InterruptedException {
        lock.lock();
        try {
            // INVARIANT: a signal after `seen` was read ends the wait, so no change is slept through.
            while (signals == seen) {
                long left = until - ticker.nanos();
                if (left <= 0 || signalled.awaitNanos(Math.min(left, LONGEST_NANOS)) < 0) {
                    return;
                }
            }
        } finally {
            lock.unlock();
        }
    }
}
