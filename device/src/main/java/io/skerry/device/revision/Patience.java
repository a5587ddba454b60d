package io.skerry.device.revision;

/** Waits of a transition, which whoever began it can cut short. */
final class Patience {
    private final Wakeup wakeup;
    private volatile boolean cancelled;

    Patience(Ticker ticker) {
        this.wakeup = new Wakeup(ticker);
    }

    /** The transition's waits end, and no further step is begun. */
    void cancel() {
        cancelled = true;
        wakeup.signal();
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
