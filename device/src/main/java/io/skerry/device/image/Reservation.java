package io.skerry.device.image;

import io.skerry.content.files.DurableFiles;
import io.skerry.device.filesystem.Room;
import io.skerry.spec.ProblemException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * One revision's room, taken from the file system before the first byte of what needs it: a file without content, shortened as
 * the bytes arrive. Where the file system has no such files, there only was room when it was looked. Safe for use by several
 * threads, each share by one.
 */
final class Reservation {
    static final String WHAT = "What is to be fetched";

    private final Path file;
    private final ContentDisk disk;
    private final Map<Part, Long> parts = new HashMap<>();
    private final ReentrantLock lock = new ReentrantLock();
    private long held;

    /** None yet. */
    Reservation(Path file, ContentDisk disk) {
        this.file = file;
        this.disk = disk;
    }

    /**
     * Takes room, in place of what was taken before.
     *
     * @param needs for what, in bytes
     * @param more bytes that stay taken until the end
     * @throws ProblemException {@code disk.full} with figures
     */
    void take(Map<Part, Long> needs, long more) {
        locked(() -> {
            forget();
            long bytes = total(needs) + Math.max(0, more);
            Room.require(WHAT, bytes, folder());
            if (bytes > 0 && disk.allocate(file, bytes)) {
                held = bytes;
                parts.putAll(needs);
            }
            return held;
        });
    }

    /** Whether room is taken for this. */
    boolean has(Part part) {
        return locked(() -> parts.containsKey(part) ? 1 : 0) > 0;
    }

    /** How much of what this needs is taken. */
    long taken(Map<Part, Long> needs) {
        return locked(() -> needs.entrySet().stream()
                .mapToLong(n -> Math.min(n.getValue(), parts.getOrDefault(n.getKey(), 0L)))
                .sum());
    }

    static long total(Map<Part, Long> needs) {
        return needs.values().stream().mapToLong(Long::longValue).sum();
    }

    private Path folder() {
        return file.resolveSibling(".").normalize();
    }

    /** Gives back all that is still taken. */
    void release() {
        locked(() -> {
            forget();
            return 0;
        });
    }

    private void forget() {
        parts.clear();
        held = 0;
        try {
            // Not synced: what is left of it after a loss of power is given back at the next start.
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw DurableFiles.failed("delete", file, e);
        }
    }

    /** What was taken for one thing, to give back as it arrives; nothing, if nothing was. */
    Share share(Part part) {
        return new Share(part, locked(() -> {
            Long bytes = parts.remove(part);
            return bytes == null ? 0 : bytes;
        }));
    }

    private void give(long bytes) {
        locked(() -> {
            if (bytes > 0 && held > 0) {
                held = Math.max(0, held - bytes);
                shorten();
            }
            return held;
        });
    }

    private void shorten() {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(held);
        } catch (IOException e) {
            throw DurableFiles.failed("shorten", file, e);
        }
    }

    private long locked(LongSupplier work) {
        lock.lock();
        try {
            return work.getAsLong();
        } finally {
            lock.unlock();
        }
    }

    /** One thing's room. Closing it without {@link #done} keeps what wasn't given back for another try. */
    final class Share implements AutoCloseable {
        /** So much is given back ahead of what arrives, and so seldom: each time costs a call. */
        private static final long STEP = 1 << 20;

        private final Part part;
        private final long bytes;
        private long given;

        private Share(Part part, long bytes) {
            this.part = part;
            this.bytes = bytes;
        }

        /** Gives back what the next bytes need. */
        void arrived(long soFar) {
            long due = Math.min(bytes, Math.max(0, soFar) + STEP);
            if (due - given >= STEP || (due == bytes && given < bytes)) {
                give(due - given);
                given = due;
            }
        }

        /** As {@link #arrived}, of a whole that is measured in another way. */
        void arrived(long part, long whole) {
            arrived(whole <= 0 ? bytes : (long) ((double) bytes * part / whole));
        }

        /** Gives back the rest: it is here wholly. */
        void done() {
            give(bytes - given);
            given = bytes;
        }

        @Override
        public void close() {
            locked(() -> {
                if (given < bytes && held > 0) {
                    parts.put(part, bytes - given);
                }
                return held;
            });
        }
    }
}
