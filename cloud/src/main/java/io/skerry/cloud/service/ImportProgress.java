package io.skerry.cloud.service;

import java.util.concurrent.atomic.AtomicLong;

/** How far a running import is; written by the import, read by whoever watches. */
final class ImportProgress {
    private final AtomicLong total = new AtomicLong();
    private final AtomicLong whole = new AtomicLong();
    private final AtomicLong part = new AtomicLong();
    private volatile String step = "waiting";

    void step(String what) {
        step = what;
    }

    void expect(long bytes) {
        total.set(bytes);
    }

    /** So many bytes of the blob that is being fetched are here. */
    void current(long bytes) {
        part.set(bytes);
    }

    /** A blob of so many bytes is here whole. */
    void done(long bytes) {
        part.set(0);
        whole.addAndGet(bytes);
    }

    String step() {
        return step;
    }

    long bytesDone() {
        return Math.min(total.get(), whole.get() + part.get());
    }

    long bytesTotal() {
        return total.get();
    }
}
