package io.skerry.cloud.storage;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A few threads that read, each with a connection of its own. */
final class Readers implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Readers.class);
    private static final int QUEUE = 4096;

    private final BlockingQueue<Writer.Task<?>> queue = new ArrayBlockingQueue<>(QUEUE);
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean closed;

    Readers(Jdbi jdbi, int count) {
        for (int i = 0; i < count; i++) {
            Handle handle = jdbi.open();
            threads.add(
                    Thread.ofPlatform().name("storage-reader-" + i).daemon(true).start(() -> loop(handle)));
        }
    }

    <T> T run(Function<Handle, T> work) {
        if (threads.contains(Thread.currentThread())) {
            throw new IllegalStateException("a read inside a read could wait for itself");
        }
        var task = new Writer.Task<>(work);
        try {
            while (!queue.offer(task, 100, TimeUnit.MILLISECONDS)) {
                if (closed) {
                    throw Writer.Task.closed();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted before the read began", e);
        }
        if (closed && queue.remove(task)) {
            throw Writer.Task.closed();
        }
        return Writer.Task.result(task.future);
    }

    private void loop(Handle handle) {
        try (handle) {
            handle.execute("PRAGMA query_only = ON");
            while (true) {
                try {
                    Writer.Task<?> task = queue.poll(200, TimeUnit.MILLISECONDS);
                    if (task != null) {
                        read(handle, task);
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

    private static void read(Handle handle, Writer.Task<?> task) {
        try {
            handle.begin();
            try {
                task.run(handle);
            } finally {
                handle.rollback();
            }
            task.answer();
        } catch (Throwable e) {
            task.fail(e);
        }
    }

    @Override
    public void close() {
        closed = true;
        for (Thread thread : threads) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        for (Writer.Task<?> left = queue.poll(); left != null; left = queue.poll()) {
            left.fail(Writer.Task.closed());
        }
    }
}
