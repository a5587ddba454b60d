package io.skerry.device.container;

import io.skerry.content.files.DurableFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/** The exit codes that conmons leave, a file each, named as the container. */
final class Exits implements AutoCloseable {
    /** How long a wait may go on after the kernel has dropped a message about a file. */
    private static final Duration LOOK_AGAIN = Duration.ofMillis(200);

    private final Path folder;
    private final WatchService watch;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition appeared = lock.newCondition();

    /** @param onExit called with the name of each container that may have ended, on a thread of its own */
    Exits(Path folder, Consumer<String> onExit) throws IOException {
        this.folder = folder;
        this.watch = folder.getFileSystem().newWatchService();
        folder.register(watch, StandardWatchEventKinds.ENTRY_CREATE);
        Thread.ofVirtual().name("container-exits").start(() -> listen(onExit));
    }

    /** The exit code of a container that ended and wasn't {@link #forget forgotten}. */
    OptionalInt code(String name) {
        try {
            return OptionalInt.of(
                    Integer.parseInt(Files.readString(folder.resolve(name)).strip()));
        } catch (IOException | NumberFormatException _) {
            return OptionalInt.empty();
        }
    }

    /** Waits for a container's end, at most this long. */
    OptionalInt await(String name, Duration limit) throws InterruptedException {
        long end = System.nanoTime() + limit.toNanos();
        lock.lockInterruptibly();
        try {
            OptionalInt code = code(name);
            for (long rest = limit.toNanos(); code.isEmpty() && rest > 0; rest = end - System.nanoTime()) {
                boolean _ = appeared.await(Math.min(rest, LOOK_AGAIN.toNanos()), TimeUnit.NANOSECONDS);
                code = code(name);
            }
            return code;
        } finally {
            lock.unlock();
        }
    }

    void forget(String name) {
        try {
            Files.deleteIfExists(folder.resolve(name));
        } catch (IOException e) {
            throw DurableFiles.failed("delete", folder.resolve(name), e);
        }
    }

    private void listen(Consumer<String> onExit) {
        try {
            while (true) {
                WatchKey key = watch.take();
                for (WatchEvent<?> event : key.pollEvents()) {
                    signal();
                    if (event.context() instanceof Path name) {
                        onExit.accept(name.toString());
                    }
                }
                key.reset();
            }
        } catch (ClosedWatchServiceException | InterruptedException _) {
            // The daemon ends.
        }
    }

    private void signal() {
        lock.lock();
        try {
            appeared.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        try {
            watch.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
