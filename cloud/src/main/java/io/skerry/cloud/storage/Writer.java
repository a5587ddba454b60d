package io.skerry.cloud.storage;

import io.skerry.spec.Problem;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that writes. Whatever waits when a transaction begins shares its commit (and so its wait for the disk);
 * each piece of work has a savepoint of its own, so that one that fails takes no other with it.
 *
 * <p>A transaction that came into another process's way, or whose connection was lost, is done again as a whole, after some
 * tries each piece of work by itself. Whether a commit was kept whose answer got lost is found out before anyone is told.
 */
final class Writer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Writer.class);
    private static final int QUEUE = 4096;
    private static final int TRIES_TOGETHER = 4;
    private static final int TRIES_ALONE = 20;
    private static final Duration LONGEST_PAUSE = Duration.ofMillis(200);

    private final Engine engine;
    private final Failures failures;
    private final Duration patience;
    private final BlockingQueue<Task<?>> queue = new ArrayBlockingQueue<>(QUEUE);
    private final Thread thread;
    private volatile boolean closed;
    /** Put into the queue so that its end is looked at at once. */
    private final Task<?> wake = new Task<>(h -> h);

    /** Confined to the writer's thread, as all below. */
    private final Line line;

    private final List<Runnable> afterCommit = new ArrayList<>();
    private boolean working;
    private long transactions;

    /**
     * @param openings see {@link Line}
     * @param patience how long a caller waits to be told whether a commit was kept whose answer got lost
     */
    Writer(Engine engine, AtomicLong openings, Duration patience) {
        this.engine = engine;
        this.patience = patience;
        failures = new Failures(engine);
        line = new Line(engine, engine::forWriting, openings);
        thread = Thread.ofPlatform().name("storage-writer").daemon(true).start(this::loop);
    }

    <T> T run(Function<Handle, T> work) {
        checkCaller();
        var task = new Task<>(work);
        offer(task);
        return task.result(failures);
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
        var batch = new ArrayList<Task<?>>();
        while (true) {
            try {
                Task<?> first = queue.poll(200, TimeUnit.MILLISECONDS);
                if (first != null && !first.equals(wake)) {
                    batch.add(first);
                    queue.drainTo(batch, engine.mostInOneCommit() - 1);
                    batch.remove(wake);
                    carryOut(List.copyOf(batch));
                } else if (closed) {
                    leave();
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

    /** Answers all, sooner or later. */
    private void carryOut(List<Task<?>> batch) {
        if (batch.size() > 1) {
            if (answered(batch, TRIES_TOGETHER)) {
                return;
            }
        }
        for (Task<?> task : batch) {
            if (!answered(List.of(task), TRIES_ALONE)) {
                task.fail(new Problem(
                                "storage.busy",
                                "What was to be changed is being changed by others all the time.",
                                "Try again in some seconds.")
                        .asException());
            }
        }
    }

    private boolean answered(List<Task<?>> batch, int tries) {
        for (int n = 1; n <= tries; n++) {
            if (answered(batch)) {
                return true;
            }
            pause(n);
        }
        return false;
    }

    /** False when it has to be done again: then nothing of it was kept and nobody was told anything. */
    private boolean answered(List<Task<?>> batch) {
        afterCommit.clear();
        Handle handle;
        try {
            handle = line.handle();
        } catch (RuntimeException e) {
            batch.forEach(t -> t.fail(e));
            return true;
        }
        boolean committing = false;
        try {
            handle.begin();
            for (Task<?> task : batch) {
                runInSavepoint(handle, task);
            }
            engine.note(handle, ++transactions);
            committing = true;
            handle.commit();
        } catch (Throwable e) {
            return answeredAfter(e, batch, handle, committing);
        }
        kept(batch);
        return true;
    }

    private void kept(List<Task<?>> batch) {
        afterCommit.forEach(Writer::runQuietly);
        batch.forEach(Task::answer);
    }

    private void runInSavepoint(Handle handle, Task<?> task) {
        int hooks = afterCommit.size();
        handle.execute("SAVEPOINT work");
        working = true;
        try {
            task.run(handle);
            working = false;
            handle.execute("RELEASE work");
        } catch (Throwable e) {
            working = false;
            if (again(failures.judge(e))) {
                throw e;
            }
            task.failed(e);
            handle.execute("ROLLBACK TO work");
            handle.execute("RELEASE work");
            afterCommit.subList(hooks, afterCommit.size()).clear();
        }
    }

    private static boolean again(Trouble trouble) {
        return trouble == Trouble.CROSSED || trouble == Trouble.LOST;
    }

    private boolean answeredAfter(Throwable failure, List<Task<?>> batch, Handle handle, boolean committing) {
        Trouble trouble = failures.judge(failure);
        if (trouble == Trouble.LOST) {
            line.drop();
            return committing && settled(batch);
        }
        rollback(handle, failure);
        if (trouble == Trouble.CROSSED) {
            return false;
        }
        batch.forEach(t -> t.fail(failure));
        return true;
    }

    /**
     * Finds out whether the last transaction was kept, whose commit was sent and not answered: false when it has to be done
     * again. Callers who wait for too long are told that nobody knows; what follows the commit follows it even then.
     */
    private boolean settled(List<Task<?>> batch) {
        long begun = System.nanoTime();
        boolean told = false;
        for (int n = 1; ; n++) {
            try {
                if (engine.wasKept(line.handle(), transactions)) {
                    kept(batch);
                    return true;
                }
                return told;
            } catch (RuntimeException e) {
                line.drop();
                if (!told && (closed || System.nanoTime() - begun >= patience.toNanos())) {
                    batch.forEach(t -> t.fail(unknown().asException(e)));
                    told = true;
                }
                if (closed) {
                    return true;
                }
                refuseWaiting(e);
            }
            pause(n);
        }
    }

    private static Problem unknown() {
        return new Problem(
                "storage.outcome-unknown",
                "The database went away while it was told to keep a change, and hasn't come back to say whether it did.",
                "Look whether the change was made before you ask for it again.");
    }

    private void refuseWaiting(RuntimeException because) {
        var waiting = new ArrayList<Task<?>>();
        queue.drainTo(waiting);
        waiting.forEach(t -> t.fail(because));
    }

    private static void rollback(Handle handle, Throwable because) {
        try {
            if (handle.isInTransaction()) {
                handle.rollback();
            }
        } catch (RuntimeException e) {
            because.addSuppressed(e);
        }
    }

    /** Longer each time, and by chance, so that two processes don't come into each other's way again. */
    private static void pause(int tries) {
        long longest = Math.min(LONGEST_PAUSE.toMillis(), 1L << Math.min(tries, 10));
        try {
            Thread.sleep(ThreadLocalRandom.current().nextLong(longest) + 1);
        } catch (InterruptedException e) {
            // Nobody interrupts this thread; a shorter pause harms nobody either.
            LOG.warn("The storage writer was interrupted and goes on.", e);
        }
    }

    private static void runQuietly(Runnable action) {
        try {
            action.run();
        } catch (RuntimeException e) {
            LOG.error("What was to follow a commit failed.", e);
        }
    }

    private void leave() {
        try (line) {
            for (int tries = 1; transactions > 0 && tries <= 2; tries++) {
                try {
                    engine.done(line.handle());
                    return;
                } catch (RuntimeException e) {
                    // Perhaps it was lost long ago, which only now shows.
                    line.drop();
                    LOG.debug("The database wasn't told that this process is done.", e);
                }
            }
        }
    }

    @Override
    public void close() {
        closed = true;
        // When there is no room for it the thread is awake.
        queue.offer(wake);
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        for (Task<?> left = queue.poll(); left != null; left = queue.poll()) {
            left.fail(Task.closed());
        }
    }
}
