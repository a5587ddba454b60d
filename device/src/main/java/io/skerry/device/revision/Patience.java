package io.skerry.device.revision;

import io.skerry.spec.ProblemException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Waits of a transition, and what it does that may take long, which whoever began it can cut short. */
final class Patience {
    private final Wakeup wakeup;
    private final ReentrantLock lock = new ReentrantLock();
    private volatile boolean cancelled;
    private @Nullable Thread acting;

    Patience(Ticker ticker) {
        this.wakeup = new Wakeup(ticker);
    }

    /** The transition's waits end, what it does {@link #interruptibly} is interrupted, and no further step is begun. */
    void cancel() {
        cancelled = true;
        wakeup.signal();
        lock.lock();
        try {
            if (acting != null) {
                // Once: whoever asks again mustn't disturb how it ends.
                acting.interrupt();
                acting = null;
            }
        } finally {
            lock.unlock();
        }
    }

    boolean cancelled() {
        return cancelled;
    }

    /** Something may have happened that is waited for. */
    void signal() {
        wakeup.signal();
    }

    /** How much has happened; to be read before one looks at what is there. */
    long seen() {
        return wakeup.seen();
    }

    /**
     * Waits until more has happened than was seen, or until this time of the ticker.
     *
     * @throws CancelledException when the transition is cancelled
     */
    void await(long seen, long until) {
        check();
        try {
            wakeup.await(seen, until);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancelledException(e);
        }
        check();
    }

    /**
     * Does something that a cancellation interrupts.
     *
     * @throws CancelledException when the transition is cancelled, whatever came of it
     */
    <T> T interruptibly(Supplier<T> act) {
        acting(Thread.currentThread());
        try {
            check();
            T done = act.get();
            check();
            return done;
        } catch (ProblemException e) {
            check();
            throw e;
        } finally {
            acting(null);
            // One that came too late mustn't meet what is done next.
            Thread.interrupted();
        }
    }

    private void acting(@Nullable Thread thread) {
        lock.lock();
        try {
            acting = thread;
        } finally {
            lock.unlock();
        }
    }

    /** @throws CancelledException when the transition is cancelled */
    void check() {
        if (cancelled) {
            throw new CancelledException();
        }
    }

    /** The transition isn't wanted any more. */
    static final class CancelledException extends RuntimeException {
        private static final long serialVersionUID = 1;

        CancelledException() {
            super("cancelled", null, false, false);
        }

        CancelledException(InterruptedException cause) {
            super("interrupted", cause, false, false);
        }
    }
}
