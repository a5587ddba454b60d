package io.skerry.lab.vm;

import io.skerry.lab.host.HostTools;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;

/**
 * A disk as bad as a disk may be: what was written and not flushed stands in a {@link WriteCache} and is lost in part when the
 * power goes. An image file holds what is durable. Served to a machine by {@link NbdServer}.
 *
 * <p>It can also choose the moment: {@link #stopBefore} makes it stand still before a given write or flush, as if the power
 * went at just that instant; whoever waits for {@link #stopped} then kills the machine. Safe for use by several threads.
 */
public final class VolatileDisk implements AutoCloseable {
    /** As much as a large disk's cache; what is over it is written out, as a disk does when it likes. */
    private static final long MOST_CACHED = 128L << 20;

    private final Path file;
    private final HostTools tools;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final WriteCache cache = new WriteCache();
    private FileChannel image;
    private long size;
    private long changes;
    /** Counted in {@link #changes}. */
    private long stopBefore = Long.MAX_VALUE;

    /** Whether only a flush that makes something durable stops it. */
    private boolean atFlush;

    private boolean stopped;
    private boolean off;

    private VolatileDisk(Path file, HostTools tools) {
        this.file = file;
        this.tools = tools;
        this.image = opened(file);
        this.size = sizeOf(file);
    }

    /**
     * A new disk with an empty ext4 file system.
     *
     * @param file the image; replaced when it is there
     * @param bytes a multiple of 4096
     * @throws io.skerry.spec.ProblemException {@code host.command-missing} or {@code host.command-failed}
     */
    public static VolatileDisk formatted(Path file, long bytes) {
        HostTools tools = new HostTools();
        try {
            Files.deleteIfExists(file);
            Files.createFile(file);
            try (FileChannel fresh = FileChannel.open(file, StandardOpenOption.WRITE)) {
                fresh.write(ByteBuffer.wrap(new byte[WriteCache.BLOCK]), bytes - WriteCache.BLOCK);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        // Nothing is left to be written at leisure: how much a machine writes shall depend on what it does.
        tools.run("mke2fs", "-q", "-F", "-t", "ext4", "-E", "lazy_itable_init=0,lazy_journal_init=0", file.toString());
        return new VolatileDisk(file, tools);
    }

    /** The disk whose durable content is in this file. */
    public static VolatileDisk of(Path file) {
        return new VolatileDisk(file, new HostTools());
    }

    private static FileChannel opened(Path file) {
        try {
            return FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long sizeOf(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public long size() {
        return size;
    }

    /** How many writes and flushes there were so far. */
    public long changes() {
        lock.lock();
        try {
            return changes;
        } finally {
            lock.unlock();
        }
    }

    /** Keeps a copy of what is durable; the machine must be off. */
    public void remember(Path copy) {
        tools.run("cp", "--sparse=always", "--reflink=auto", file.toString(), copy.toString());
    }

    /** Is again what a copy says; the machine must be off. */
    public void restore(Path copy) {
        lock.lock();
        try {
            image.close();
            tools.run("cp", "--sparse=always", "--reflink=auto", copy.toString(), file.toString());
            cache.drain();
            image = opened(file);
            size = sizeOf(file);
            goOn();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            lock.unlock();
        }
    }

    /** Fills the buffer from what was written last, durable or not. */
    void read(long at, ByteBuffer into) throws IOException {
        lock.lock();
        try {
            long position = at;
            while (into.hasRemaining()) {
                int inside = (int) (position % WriteCache.BLOCK);
                int length = Math.min(into.remaining(), WriteCache.BLOCK - inside);
                Optional<byte[]> cached = cache.newest(position / WriteCache.BLOCK);
                if (cached.isPresent()) {
                    into.put(cached.get(), inside, length);
                } else {
                    fill(into.slice(into.position(), length), position);
                    into.position(into.position() + length);
                }
                position += length;
            }
        } finally {
            lock.unlock();
        }
    }

    private void fill(ByteBuffer into, long at) throws IOException {
        long position = at;
        while (into.hasRemaining()) {
            int n = image.read(into, position);
            if (n < 0) {
                throw new IOException("read beyond the disk's end at " + position);
            }
            position += n;
        }
    }

    /**
     * Takes what a machine writes.
     *
     * @param durable whether it must be on the medium before this returns
     */
    void write(long at, ByteBuffer from, boolean durable) throws IOException {
        lock.lock();
        try {
            count(false);
            long position = at;
            while (from.hasRemaining()) {
                long block = position / WriteCache.BLOCK;
                int inside = (int) (position % WriteCache.BLOCK);
                int length = Math.min(from.remaining(), WriteCache.BLOCK - inside);
                byte[] form = length == WriteCache.BLOCK
                        ? new byte[WriteCache.BLOCK]
                        : cache.newest(block).map(byte[]::clone).orElseGet(() -> medium(block));
                from.get(form, inside, length);
                cache.put(block, form);
                if (durable) {
                    put(block, cache.take(block).orElse(form));
                }
                position += length;
            }
            if (cache.bytes() > MOST_CACHED) {
                writeOut();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Makes all that was written durable. */
    void flush() throws IOException {
        lock.lock();
        try {
            count(cache.bytes() > 0);
            writeOut();
        } finally {
            lock.unlock();
        }
    }

    private void writeOut() throws IOException {
        for (var entry : cache.drain().entrySet()) {
            put(entry.getKey(), entry.getValue());
        }
    }

    private void put(long block, byte[] form) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(form);
        long position = block * WriteCache.BLOCK;
        while (bytes.hasRemaining()) {
            position += image.write(bytes, position);
        }
    }

    private byte[] medium(long block) {
        byte[] bytes = new byte[WriteCache.BLOCK];
        try {
            fill(ByteBuffer.wrap(bytes), block * WriteCache.BLOCK);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes;
    }

    /** Counts a change, or stands still before it for as long as the machine lives. */
    private void count(boolean isFlush) throws IOException {
        while (changes >= stopBefore && (isFlush || !atFlush)) {
            stopped = true;
            changed.signalAll();
            if (off) {
                throw new IOException("the disk has no power");
            }
            changed.awaitUninterruptibly();
        }
        changes++;
    }

    /** Stands still before the change with this number (as {@link #changes} counts). */
    public void stopBefore(long change) {
        lock.lock();
        try {
            stopBefore = change;
            atFlush = false;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Stands still before the first flush from that change on for which something waits: then there is most to lose. */
    public void stopBeforeFlush(long change) {
        lock.lock();
        try {
            stopBefore = change;
            atFlush = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Whether it came to stand still within this time. */
    public boolean stopped(Duration within) {
        lock.lock();
        try {
            long left = within.toNanos();
            while (!stopped && left > 0) {
                left = changed.awaitNanos(left);
            }
            return stopped;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            lock.unlock();
        }
    }

    /** Lets go of whoever waits because it stands still: the machine is gone. */
    void powerOff() {
        lock.lock();
        try {
            off = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** What a power cut does to it; the machine must have been killed, and nobody serve this disk. */
    Cut lose(RandomGenerator random) {
        lock.lock();
        try {
            WriteCache.Remains remains = cache.lose(random, this::medium);
            for (var entry : remains.written().entrySet()) {
                put(entry.getKey(), entry.getValue());
            }
            goOn();
            return remains.cut();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            lock.unlock();
        }
    }

    /** As a machine that is switched off in order leaves it: a disk writes out what it holds. */
    void settle() {
        lock.lock();
        try {
            writeOut();
            goOn();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            lock.unlock();
        }
    }

    private void goOn() {
        stopBefore = Long.MAX_VALUE;
        stopped = false;
        off = false;
        changed.signalAll();
    }

    @Override
    public void close() {
        try {
            image.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
