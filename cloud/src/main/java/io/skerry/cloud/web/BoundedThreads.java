package io.skerry.cloud.web;

import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;

/** A virtual thread for each task, up to a limit; beyond it tasks are rejected rather than kept waiting. */
public final class BoundedThreads implements Executor {
    private final Semaphore free;
    private final String name;

    public BoundedThreads(String name, int most) {
        this.name = name;
        this.free = new Semaphore(most);
    }

    @Override
    public void execute(Runnable task) {
        if (!free.tryAcquire()) {
            throw new RejectedExecutionException(name + " has no thread left");
        }
        try {
            Thread.ofVirtual().name(name).start(() -> {
                try {
                    task.run();
                } finally {
                    free.release();
                }
            });
        } catch (RuntimeException | Error e) {
            free.release();
            throw e;
        }
    }
}
