package io.skerry.cloud.storage;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that writes. Whatever waits when a transaction begins, up to {@value #BATCH}, shares its commit (and so its
 * wait for the disk); each piece of work has a savepoint of its own, so that one that fails takes no other with it.
 */
final class Writer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Writer.class);
    private static final int QUEUE = 4096;
    private static final int BATCH = 256;

    private final BlockingQueue<Task<?>> queue = new ArrayBlockingQueue<>(QUEUE);
    private final Handle handle;
    private final Thread thread;
    private volatile boolean closed;

    /** Confined to the writer's thread. */
    private final List<Runnable> afterCommit = new ArrayList<>();

    /** Confined to the writer's thread. */
    private boolean working;

    Writer(Jdbi jdbi) {
        handle = jdbi.open();
        thread = Thread.ofPlatform().name("storage-writer").daemon(true).start(this::loop);
    }

    <T> T run(Function<Handle, T> work) {
        checkCaller();
        var task = new Task<>(work);
        offer(task);
        return Task.result(task.future);
    }

    void afterCommit(Runnable action) {
        if (!thread.equals(Thread.currentThread()) || !working) {
            throw new IllegalStateException("afterCommit is for work inside Storage.write");
        }
        afterCommit.add(action);
    }

    private void checkCaller() {
        if (thread.equals(Thread.currentThread())) {
            throw new IllegalStateException("a write inside a write would wait for itself");
        }
    }

    private void offer(Task<?> task) {
        try {
            while (!closed) {
                if (queue.offer(task, 100, TimeUnit.MILLISECONDS)) {
                    if (closed && queue.remove(task)) {
                        throw Task.closed();
                    }
                    return;
                }
            }
            throw Task.closed();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted before the write began", e);
        }
    }

    private void loop() {
        var batch = new ArrayList<Task<?>>(BATCH);
        while (true) {
            try {
                Task<?> first = queue.poll(200, TimeUnit.MILLISECONDS);
                if (first != null) {
                    batch.add(first);
                    queue.drainTo(batch, BATCH - 1);
                    commit(batch);
                } else if (closed) {
                    return;
                }
            } catch (InterruptedException e) {
                // Nobody interrupts this thread; it ends by closing.
                LOG.warn("The storage writer was interrupted and goes on.", e);
            } finally {
                batch.clear();
            }
        }
    }

    private void commit(List<Task<?>> batch) {
        afterCommit.clear();
        try {
            handle.begin();
            for (Task<?> task : batch) {
                runInSavepoint(task);
            }
            handle.commit();
        } catch (Throwable e) {
            rollback(e);
            batch.forEach(t -> t.fail(e));
            return;
        }
        afterCommit.forEach(Writer::runQuietly);
        batch.forEach(Task::answer);
    }

    private void runInSavepoint(Task<?> task) {
        int hooks = afterCommit.size();
        handle.execute("SAVEPOINT work");
        working = true;
        try {
            task.run(handle);
            working = false;
            handle.execute("RELEASE work");
        } catch (Throwable e) {
            working = false;
            task.failed = e;
            handle.execute("ROLLBACK TO work");
            handle.execute("RELEASE work");
            afterCommit.subList(hooks, afterCommit.size()).clear();
        }
    }

    private void rollback(Throwable because) {
        try {
            if (handle.isInTransaction()) {
                handle.rollback();
            }
        } catch (RuntimeException e) {
            because.addSuppressed(e);
        }
    }

    private static void runQuietly(Runnable action) {
        try {
            action.run();
        } catch (RuntimeException e) {
            LOG.error("What was to follow a commit failed.", e);
        }
    }

    @Override
    public void close() {
        closed = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        for (Task<?> left = queue.poll(); left != null; left = queue.poll()) {
            left.fail(Task.closed());
        }
        handle.close();
    }

    /** A piece of work and its caller's future. */
    static final class Task<T> {
        private final Function<Handle, T> work;
        final CompletableFuture<T> future = new CompletableFuture<>();
        private @Nullable T value;
        private @Nullable Throwable failed;

        Task(Function<Handle, T> work) {
            this.work = work;
        }

        void run(Handle handle) {
            value = work.apply(handle);
        }

        @SuppressWarnings("NullAway") // answered only after run, which set the value
        void answer() {
            if (failed != null) {
                future.completeExceptionally(failed);
            } else {
                future.complete(value);
            }
        }

        void fail(Throwable e) {
            future.completeExceptionally(e);
        }

        static IllegalStateException closed() {
            return new IllegalStateException("the storage is closed");
        }

        /** The value, or what the work threw, as it threw it. */
        static <T> T result(CompletableFuture<T> future) {
            try {
                return future.join();
            } catch (java.util.concurrent.CompletionException e) {
                Throwable cause = e.getCause() == null ? e : e.getCause();
                throw Failures.asThrown(cause);
            }
        }
    }
}
