package io.skerry.bench;

import io.skerry.bench.host.MemoryUse;
import io.skerry.spec.Problem;
import io.skerry.spec.ProblemException;
import java.time.Duration;

/** Looks at a process's memory every 50 ms until it is closed, and keeps the most of each kind. */
final class MemoryPeak implements AutoCloseable {
    private static final Duration PAUSE = Duration.ofMillis(50);

    private final long pid;
    private final Thread watcher;
    private volatile MemoryUse most = new MemoryUse(0, 0, 0);

    private MemoryPeak(long pid) {
        this.pid = pid;
        this.watcher = Thread.ofPlatform().daemon().name("memory-peak").unstarted(this::look);
    }

    static MemoryPeak watch(long pid) {
        MemoryPeak peak = new MemoryPeak(pid);
        peak.watcher.start();
        return peak;
    }

    private void look() {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                MemoryUse now = MemoryUse.of(pid);
                most = new MemoryUse(
                        Math.max(most.resident(), now.resident()),
                        Math.max(most.proportional(), now.proportional()),
                        Math.max(most.anonymous(), now.anonymous()));
                Thread.sleep(PAUSE);
            }
        } catch (InterruptedException | ProblemException e) {
            // Told to end, or the process ended: what was seen stands.
        }
    }

    /** What was seen. */
    MemoryUse most() {
        return most;
    }

    @Override
    public void close() {
        watcher.interrupt();
        try {
            watcher.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Problem("host.interrupted", "Watching a process's memory was interrupted.").asException(e);
        }
    }
}
