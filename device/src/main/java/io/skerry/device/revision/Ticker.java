package io.skerry.device.revision;

/** A clock that only goes forward, for measuring how long something lasted: the device's wall clock may jump. */
@FunctionalInterface
public interface Ticker {
    /** Nanoseconds since some instant. */
    long nanos();

    /** The machine's. */
    static Ticker system() {
        return System::nanoTime;
    }
}
