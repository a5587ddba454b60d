package io.skerry.content;

import io.skerry.content.files.DurableFiles;
import io.skerry.spec.Digest;
import io.skerry.spec.Problem;
import io.skerry.spec.ProblemException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Pattern;

/**
 * Blobs by digest in a folder: {@code blobs/<2 hex>/<hex>}, unfinished ones in {@code partial/<hex>}, or
 * {@code partial/<writer>/<hex>} when several processes write.
 *
 * <p>What stands under {@code blobs} was verified before it was renamed there and outlives a power failure. Safe for use by
 * several threads; processes that write to one store at a time must do it as different writers. Calls throw {@code disk.full} or
 * {@code disk.failed} when the file system does.
 */
public final class ContentStore {
    private static final System.Logger LOG = System.getLogger(ContentStore.class.getName());
    private static final Pattern HEX = Pattern.compile("[0-9a-f]{64}");

    private final Path root;
    private final Path partial;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition released = lock.newCondition();
    private final Map<Digest, Thread> beingWritten = new HashMap<>();

    private ContentStore(Path root, Path partial) {
        this.root = root;
        this.partial = partial;
    }

    /** The store in this folder, which is made when it is missing. Nobody else writes to it. */
    public static ContentStore open(Path root) {
        return open(root, root.resolve("partial"));
    }

    /**
     * A store to which several processes write.
     *
     * @param writer a name that only this one has, now and after a restart, to go on with what it left unfinished
     */
    public static ContentStore shared(Path root, String writer) {
        return open(root, root.resolve("partial").resolve(writer));
    }

    private static ContentStore open(Path root, Path partial) {
        try {
            Files.createDirectories(root.resolve("blobs"));
            Files.createDirectories(partial);
        } catch (IOException e) {
            throw DurableFiles.failed("make", root, e);
        }
        return new ContentStore(root, partial);
    }

    /** How many more bytes this process may write. */
    public long freeBytes() {
        try {
            return Files.getFileStore(root).getUsableSpace();
        } catch (IOException e) {
            throw DurableFiles.failed("look at the free space of", root, e);
        }
    }

    public boolean has(Digest digest) {
        return Files.isRegularFile(path(digest));
    }

    /** @throws ProblemException {@code content.missing} */
    public long size(Digest digest) {
        try {
            return Files.size(path(digest));
        } catch (NoSuchFileException e) {
            throw missing(digest, e);
        } catch (IOException e) {
            throw DurableFiles.failed("read", path(digest), e);
        }
    }

    /** @throws ProblemException {@code content.missing} */
    public InputStream open(Digest digest) {
        try {
            return Files.newInputStream(path(digest));
        } catch (NoSuchFileException e) {
            throw missing(digest, e);
        } catch (IOException e) {
            throw DurableFiles.failed("read", path(digest), e);
        }
    }

    /**
     * The whole blob.
     *
     * @throws ProblemException {@code content.missing}, or {@code content.too-large} when it has more than {@code most} bytes
     */
    public byte[] read(Digest digest, int most) {
        try (InputStream in = open(digest)) {
            byte[] bytes = in.readNBytes(most);
            if (in.read() >= 0) {
                throw new Problem(
                                "content.too-large",
                                "The blob " + digest + " has more than the " + most + " bytes that it may have here.")
                        .asException();
            }
            return bytes;
        } catch (IOException e) {
            throw DurableFiles.failed("read", path(digest), e);
        }
    }

    /** Where a blob's file is or would be. */
    public Path path(Digest digest) {
        return root.resolve("blobs").resolve(digest.hex().substring(0, 2)).resolve(digest.hex());
    }

    /** Stores these bytes, unless they are there. */
    public Digest put(byte[] bytes) {
        Digest digest = Digest.of(bytes);
        if (!has(digest)) {
            try (Partial partial = partial(digest, bytes.length)) {
                partial.restart();
                partial.write(bytes);
                partial.finish();
            }
        }
        return digest;
    }

    /**
     * Stores what the stream has.
     *
     * @throws ProblemException {@code content.digest-mismatch} when that isn't what was expected, {@code content.unreadable}
     *     when the stream fails; nothing is stored then
     */
    public void put(Digest expected, InputStream content) {
        if (has(expected)) {
            return;
        }
        try (Partial partial = partial(expected, Long.MAX_VALUE)) {
            partial.restart();
            byte[] buffer = new byte[64 * 1024];
            for (int n = content.read(buffer); n >= 0; n = content.read(buffer)) {
                partial.write(ByteBuffer.wrap(buffer, 0, n));
            }
            partial.finish();
        } catch (IOException e) {
            throw new Problem("content.unreadable", "What was to become the blob " + expected + " can't be read.")
                    .asException(e);
        }
    }

    /**
     * Begins a blob, or goes on with one that was begun earlier; what is there of it is read and hashed. While somebody else
     * writes the same blob it waits, and then finds it {@linkplain Partial#isStored stored} or goes on with it.
     *
     * @param size how many bytes the blob has; more are refused
     * @throws ProblemException {@code content.interrupted}
     */
    public Partial partial(Digest expected, long size) {
        claim(expected);
        try {
            return Partial.open(this, expected, size);
        } catch (RuntimeException e) {
            release(expected);
            throw e;
        }
    }

    /**
     * Takes a blob over that another store has whole, on the same file system; that one has it no more then. One that is here
     * already stays.
     *
     * @throws ProblemException {@code disk.…}
     */
    public void takeFrom(ContentStore other, Digest digest) {
        claim(digest);
        try {
            if (!has(digest)) {
                makeShelf(digest);
                DurableFiles.move(other.path(digest), path(digest));
            }
        } finally {
            release(digest);
        }
        other.delete(digest);
    }

    private void makeShelf(Digest digest) {
        Path shelf = path(digest).resolveSibling(".").normalize();
        if (Files.notExists(shelf)) {
            try {
                Files.createDirectories(shelf);
            } catch (IOException e) {
                throw DurableFiles.failed("make", shelf, e);
            }
            try {
                DurableFiles.syncDirectory(shelf.resolveSibling(".").normalize());
            } catch (ProblemException e) {
                Partial.remove(shelf);
                throw e;
            }
        }
    }

    /** Removes a blob and what was begun of it, if there is any. */
    public void delete(Digest digest) {
        DurableFiles.delete(path(digest));
        DurableFiles.delete(partialPath(digest));
    }

    /** All blobs that are here whole, in no particular order. */
    public List<Digest> list() {
        List<Digest> digests = new ArrayList<>();
        try (var shelves = Files.newDirectoryStream(root.resolve("blobs"))) {
            for (Path shelf : shelves) {
                try (var files = Files.newDirectoryStream(shelf)) {
                    for (Path file : files) {
                        String name = String.valueOf(file.getFileName());
                        if (HEX.matcher(name).matches()) {
                            digests.add(new Digest("sha256:" + name));
                        }
                    }
                }
            }
        } catch (IOException e) {
            throw DurableFiles.failed("list", root, e);
        }
        return digests;
    }

    /** Digests of which a part is here, from fetches that were interrupted. */
    public List<Digest> unfinished() {
        List<Digest> digests = new ArrayList<>();
        try (var files = Files.newDirectoryStream(partial)) {
            for (Path file : files) {
                String name = String.valueOf(file.getFileName());
                if (HEX.matcher(name).matches()) {
                    digests.add(new Digest("sha256:" + name));
                }
            }
        } catch (IOException e) {
            throw DurableFiles.failed("list", root, e);
        }
        return digests;
    }

    /** Removes what other writers left unfinished and none of them has touched since. */
    public void removeAbandoned(Instant untouchedSince) {
        try (var writers = Files.newDirectoryStream(root.resolve("partial"), Files::isDirectory)) {
            for (Path writer : writers) {
                if (!writer.equals(partial)) {
                    removeOld(writer, untouchedSince);
                }
            }
        } catch (IOException e) {
            throw DurableFiles.failed("list", root, e);
        }
    }

    private static void removeOld(Path writer, Instant untouchedSince) throws IOException {
        try (var files = Files.newDirectoryStream(writer)) {
            for (Path file : files) {
                if (Files.getLastModifiedTime(file).toInstant().isBefore(untouchedSince)) {
                    Files.deleteIfExists(file);
                }
            }
        } catch (NoSuchFileException e) {
            LOG.log(System.Logger.Level.DEBUG, "Its writer has finished it just now.", e);
        }
    }

    /** How many bytes of a blob are here from a fetch that was interrupted. */
    public long unfinishedBytes(Digest digest) {
        try {
            return Files.size(partialPath(digest));
        } catch (NoSuchFileException e) {
            return 0;
        } catch (IOException e) {
            throw DurableFiles.failed("read", partialPath(digest), e);
        }
    }

    /** When the blob, or what is here of an unfinished one, was written last; nothing when there is neither. */
    public Optional<Instant> writtenAt(Digest digest) {
        for (Path file : List.of(path(digest), partialPath(digest))) {
            try {
                return Optional.of(Files.getLastModifiedTime(file).toInstant());
            } catch (NoSuchFileException e) {
                // Perhaps the other one.
            } catch (IOException e) {
                throw DurableFiles.failed("read", file, e);
            }
        }
        return Optional.empty();
    }

    Path partialPath(Digest digest) {
        return partial.resolve(digest.hex());
    }

    private void release(Digest digest) {
        lock.lock();
        try {
            beingWritten.remove(digest);
            released.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void claim(Digest digest) {
        lock.lock();
        try {
            while (beingWritten.containsKey(digest)) {
                if (Thread.currentThread().equals(beingWritten.get(digest))) {
                    throw new IllegalStateException("this thread writes the blob " + digest + " already");
                }
                released.await();
            }
            beingWritten.put(digest, Thread.currentThread());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Problem("content.interrupted", "Waiting for the blob " + digest + " was interrupted.")
                    .asException(e);
        } finally {
            lock.unlock();
        }
    }

    private static ProblemException missing(Digest digest, IOException cause) {
        return new Problem("content.missing", "The blob " + digest + " is not here.").asException(cause);
    }

    /**
     * A blob on its way into the store. Closing it without {@link #finish} keeps what was written, to go on from
     * later, also after a power failure. For one thread at a time.
     */
    public static final class Partial implements AutoCloseable {
        private final ContentStore store;
        private final Digest expected;
        private final long size;
        private final Path file;
        private final FileChannel channel;
        private MessageDigest hash;
        private long offset;
        private boolean open = true;

        private Partial(
                ContentStore store,
                Digest expected,
                long size,
                Path file,
                FileChannel channel,
                MessageDigest hash,
                long offset) {
            this.store = store;
            this.expected = expected;
            this.size = size;
            this.file = file;
            this.channel = channel;
            this.hash = hash;
            this.offset = offset;
        }

        static Partial open(ContentStore store, Digest expected, long size) {
            Path file = store.partialPath(expected);
            try {
                FileChannel channel = FileChannel.open(
                        file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
                try {
                    if (channel.size() > size) {
                        channel.truncate(0);
                    }
                    MessageDigest hash = Digest.sha256();
                    long offset = 0;
                    ByteBuffer buffer = ByteBuffer.allocate(64 * 1024);
                    while (channel.read(buffer) >= 0) {
                        buffer.flip();
                        offset += buffer.remaining();
                        hash.update(buffer);
                        buffer.clear();
                    }
                    return new Partial(store, expected, size, file, channel, hash, offset);
                } catch (IOException e) {
                    channel.close();
                    throw e;
                }
            } catch (IOException e) {
                throw DurableFiles.failed("open", file, e);
            }
        }

        /** Whether the blob came into the store in another way meanwhile, so that nothing is left to do. */
        public boolean isStored() {
            return store.has(expected);
        }

        public Digest expected() {
            return expected;
        }

        /** How many bytes of the blob are here. */
        public long offset() {
            return offset;
        }

        /** Throws away what is here, to begin from the first byte. */
        public void restart() {
            try {
                channel.truncate(0);
                channel.position(0);
            } catch (IOException e) {
                throw DurableFiles.failed("empty", file, e);
            }
            offset = 0;
            hash = Digest.sha256();
        }

        public void write(byte[] bytes) {
            write(ByteBuffer.wrap(bytes));
        }

        /** @throws ProblemException {@code content.too-large} when the blob would have more bytes than it was said to have */
        public void write(ByteBuffer bytes) {
            if (offset + bytes.remaining() > size) {
                throw new Problem(
                                "content.too-large",
                                "More came for the blob " + expected + " than the " + size + " bytes that it has.")
                        .asException();
            }
            try {
                // Both consume the buffer; the channel may do so in several steps.
                hash.update(bytes.duplicate());
                while (bytes.hasRemaining()) {
                    offset += channel.write(bytes);
                }
            } catch (IOException e) {
                throw DurableFiles.failed("write", file, e);
            }
        }

        /**
         * Makes it a blob, if it is what was expected; else throws it away. Also when the disk doesn't take it: after a sync
         * that failed the kernel counts as written what isn't, and a later one would succeed.
         *
         * @throws ProblemException {@code content.digest-mismatch}
         */
        public void finish() {
            boolean stored = false;
            try {
                requireExpected();
                channel.force(true);
                store.makeShelf(expected);
                move(store.path(expected));
                stored = true;
            } catch (IOException e) {
                throw DurableFiles.failed("finish", file, e);
            } finally {
                if (!stored) {
                    remove(file);
                }
                close();
            }
        }

        private void requireExpected() {
            Digest found = Digest.of(hash);
            if (!found.equals(expected)) {
                throw new Problem(
                                "content.digest-mismatch",
                                "What came for the blob " + expected + " is something else (" + found + ", " + offset
                                        + " bytes).",
                                "It was thrown away; fetch it again.")
                        .asException();
            }
        }

        private void move(Path blob) {
            try {
                DurableFiles.move(file, blob);
            } catch (ProblemException e) {
                // Perhaps it is at its place now, but not so that it outlives a power failure; it would be taken for
                // good.
                remove(blob);
                throw e;
            }
        }

        private static void remove(Path file) {
            try {
                Files.deleteIfExists(file);
            } catch (IOException e) {
                LOG.log(System.Logger.Level.WARNING, file + " can't be removed", e);
            }
        }

        @Override
        public void close() {
            if (!open) {
                return;
            }
            open = false;
            try {
                channel.close();
                if (isStored()) {
                    Files.deleteIfExists(file);
                }
            } catch (IOException e) {
                throw DurableFiles.failed("close", file, e);
            } finally {
                // Last, for whoever waits makes a file of the same name.
                store.release(expected);
            }
        }
    }
}
