package io.skerry.cloud.storage;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A few threads that read, each with a connection of its own. */
final class Readers implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Readers.class);
    private static final int QUEUE = 4096;
    private static final int TRIES = 3;

    private final BlockingQueue<Task<?>> queue = new ArrayBlockingQueue<>(QUEUE);
    private final List<Thread> threads = new ArrayList<>();
    private final Failures failures;
    private volatile boolean closed;
    /** Put into the queue, once for each thread, so that its end is looked at at once. */
    private final Task<?> wake = new Task<>(h -> h);

    /** @param openings see {@link Line} */
    Readers(Engine engine, AtomicLong openings, int count) {
        failures = new Failures(engine);
        for (int i = 0; i < count; i++) {
            var line = new Line(engine, engine::forReading, openings);
            threads.add(
                    Thread.ofPlatform().name("storage-reader-" + i).daemon(true).start(() -> loop(line)));
        }
    }

    <T> T run(Function<Handle, T> work) {
        if (threads.contains(Thread.currentThread())) {
            throw new IllegalStateException("a read inside a read could wait for itself");
        }
        var task = new Task<>(work);
        try {
            while (!queue.offer(task, 100, TimeUnit.MILLISECONDS)) {
                if (closed) {
                    throw Task.closed();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted before the read began", e);
        }
        if (closed && queue.remove(task)) {
            throw Task.closed();
        }
        return task.result(failures);
    }

    private void loop(Line line) {
        try (line) {
            while (true) {
                try {
                    Task<?> task = queue.poll(200, TimeUnit.MILLISECONDS);
                    if (task != null && !task.equals(wake)) {
                        read(line, task);
                    } else if (closed) {
                        return;
                    }
                } catch (InterruptedException e) {
                    // Nobody interrupts this thread; it ends by closing.
                    LOG.warn("A storage reader was interrupted and goes on.", e);
                }
            }
        }
    }

    private void read(Line line, Task<?> task) {
        for (int tries = 1; ; tries++) {
            try {
                read(line.handle(), task);
                task.answer();
                return;
            } catch (Throwable e) {
                Trouble trouble = failures.judge(e);
                if (trouble == Trouble.LOST) {
                    line.drop();
                }
                if (tries == TRIES || (trouble != Trouble.LOST && trouble != Trouble.CROSSED)) {
                    task.fail(e);
                    return;
                }
            }
        }
    }

    private static void read(Handle handle, Task<?> task) {
        handle.begin();
        try {
            task.run(handle);
        } finally {
            handle.rollback();
        }
    }

    @Override
    public void close() {
        closed = true;
        // When there is no room for them the threads are awake.
        threads.forEach(t -> queue.offer(wake));
        for (Thread thread : threads) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        for (Task<?> left = queue.poll(); left != null; left = queue.poll()) {
            left.fail(Task.closed());
        }
    }
}
