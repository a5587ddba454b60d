package io.skerry.cloud.storage;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;

/**
 * The database: the embedded one or PostgreSQL, which look the same from here.
 *
 * <p>Writes run one after the other on one thread, each wholly or not at all; those that wait together share one commit,
 * and a caller is answered when what it wrote is on the disk. Reads run beside them on a few threads, each on one
 * snapshot. Both block their caller, which may be a virtual thread: the databases themselves are called on platform
 * threads only.
 *
 * <p>Several processes may write to one PostgreSQL: what they write counts as if it had been written one after the other.
 * Work that came into another process's way, or whose connection was lost, is run again, so it must do nothing but read and
 * write by its handle and note what follows by {@link #afterCommit}. A statement that fails makes all of its work fail.
 * While the database is away, callers are told {@code storage.unavailable} and nothing of their work is kept. One that
 * vanishes amid a commit and stays away leaves its callers with {@code storage.outcome-unknown}.
 */
public final class Storage implements AutoCloseable {
    /**
     * As many rows or names as are read, or named in one statement, at a time where there may be any number: they fit into memory, a write of
     * them is soon over, and both databases take so many parameters.
     */
    public static final int ROWS_AT_ONCE = 500;

    private static final int READERS = 3;
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private final Engine engine;
    private final Writer writer;
    private final Readers readers;
    private final ReentrantLock closing = new ReentrantLock();

    Storage(Engine engine, Duration patience) {
        this.engine = engine;
        Migrations.run(engine, Optional.empty());
        var openings = new AtomicLong();
        writer = new Writer(engine, openings, patience);
        readers = new Readers(engine, openings, READERS);
    }

    /**
     * Opens the embedded database of a data folder and brings its tables up to date.
     *
     * @throws io.skerry.spec.ProblemException {@code data.newer-version} when a newer version of Skerry migrated it,
     *     {@code data.unreadable} when it can't be made or isn't a database of ours, {@code data.moved} when another one took
     *     its place
     */
    public static Storage open(DataFolder folder) {
        FolderMarks.refuseMoved(folder.root());
        return new Storage(new SqliteEngine(folder.root()), PATIENCE);
    }

    /**
     * Opens a PostgreSQL database and brings its tables up to date.
     *
     * @throws io.skerry.spec.ProblemException {@code storage.unavailable} when it can't be reached, {@code
     *     data.newer-version} when a newer version of Skerry migrated it, {@code database.…} for all else that is wrong with
     *     it or its address
     */
    public static Storage open(PostgresAddress address) {
        return open(address, PATIENCE);
    }

    static Storage open(PostgresAddress address, Duration patience) {
        var engine = new PostgresEngine(address);
        engine.check();
        return new Storage(engine, patience);
    }

    /**
     * Runs work that changes something. When it throws, nothing of it is kept and what it threw is thrown here.
     *
     * @param work run on the writer's thread, perhaps several times: quick, without calls to the outside, without {@code
     *     write} or {@code read}
     * @throws ConstraintViolation when the database refuses a row
     * @throws io.skerry.spec.ProblemException {@code storage.unavailable}, {@code storage.busy}, {@code
     *     storage.outcome-unknown}
     */
    public <T> T write(Function<Handle, T> work) {
        return writer.run(work);
    }

    /**
     * Runs work that only reads, on one snapshot of the database.
     *
     * @param work run on a reader's thread, perhaps several times: quick, without calls to the outside, without {@code
     *     write} or {@code read}
     * @throws io.skerry.spec.ProblemException {@code storage.unavailable}
     */
    public <T> T read(Function<Handle, T> work) {
        return readers.run(work);
    }

    /**
     * Called by work inside {@link #write}: the action runs on the writer's thread once the work is on the disk and before
     * its caller is answered; never when the work is undone. It must be quick and must not throw.
     */
    public void afterCommit(Runnable action) {
        writer.afterCommit(action);
    }

    /**
     * For statements in which processes on several machines take part: an SQL expression, the database's own time, whole
     * milliseconds since 1970.
     */
    public String clock() {
        return engine.clock();
    }

    /** Lets what was begun come to its end and closes the database. */
    @Override
    public void close() {
        closing.lock();
        try {
            writer.close();
            readers.close();
        } finally {
            closing.unlock();
        }
    }
}
