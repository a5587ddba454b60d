package io.skerry.device.revision;

import io.skerry.spec.ProblemException;
import io.skerry.spec.desired.Workload;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/**
 * The {@link LockWaits} of a device, which outlive the daemon but for less than a minute of each. A disk that doesn't take them
 * keeps no update from being made. May be used from any thread.
 */
final class KeptLockWaits {
    private static final System.Logger LOG = System.getLogger(KeptLockWaits.class.getName());

    private final RevisionStore store;
    private final ReentrantLock lock = new ReentrantLock();
    private LockWaits waits;
    /** As they were written last, or would have been. */
    private LockWaits kept;

    KeptLockWaits(RevisionStore store) {
        this.store = store;
        this.waits = store.lockWaits();
        this.kept = waits;
    }

    /** How long this container was waited for until now. */
    Duration waited(String container) {
        lock.lock();
        try {
            return waits.of(container);
        } finally {
            lock.unlock();
        }
    }

    /** This container was waited for as long as this, all in all. */
    void waited(String container, Duration inAll) {
        change(w -> w.with(container, inAll));
    }

    /** This container let go of its lock, or has none any more. */
    void over(String container) {
        change(w -> w.without(container));
    }

    /** Whether anybody is waited for, or was. */
    boolean any() {
        lock.lock();
        try {
            return !waits.equals(LockWaits.NONE);
        } finally {
            lock.unlock();
        }
    }

    /** Only these hold their locks still. */
    void held(Predicate<String> holds) {
        change(w -> w.only(holds));
    }

    /** Nothing but the way to this workload waits any more. */
    void stillFor(Workload wanted, Workload committed) {
        change(w -> w.stillFor(wanted, committed));
    }

    private void change(UnaryOperator<LockWaits> change) {
        lock.lock();
        try {
            waits = change.apply(waits);
            if (waits.differsEnoughFrom(kept)) {
                // What grows is tried again in a minute; what is over, at once.
                kept = waits.millis().keySet().containsAll(kept.millis().keySet()) ? waits : kept;
                store.keepLockWaits(waits);
                kept = waits;
            }
        } catch (ProblemException e) {
            LOG.log(System.Logger.Level.WARNING, e.problem().sentence(), e);
        } finally {
            lock.unlock();
        }
    }
}
