package io.skerry.cloud.storage;

import java.util.Arrays;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.MigrationState;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;

/**
 * The embedded database.
 *
 * <p>Writes run one after the other on one thread, each wholly or not at all; those that wait together share one commit,
 * and a caller is answered when what it wrote is on the disk. Reads run beside them on a few threads, each on one
 * snapshot. Both block their caller, which may be a virtual thread: SQLite itself runs on platform threads only.
 */
public final class Storage implements AutoCloseable {
    private static final int READERS = 3;
    private static final String MIGRATIONS = "classpath:io/skerry/cloud/storage";

    private final Writer writer;
    private final Readers readers;
    private final ReentrantLock closing = new ReentrantLock();

    private Storage(Writer writer, Readers readers) {
        this.writer = writer;
        this.readers = readers;
    }

    /**
     * Opens the database of a data folder and brings its tables up to date.
     *
     * @throws io.skerry.spec.ProblemException {@code data.newer-version} when a newer version of Skerry migrated it
     */
    public static Storage open(DataFolder folder) {
        // The native library is unpacked there; /tmp may be mounted noexec, or be another user's to fill.
        System.setProperty("org.sqlite.tmpdir", folder.folder("tmp").toString());
        String url = "jdbc:sqlite:" + folder.root().resolve("skerry.db");
        migrate(folder, url);
        return new Storage(new Writer(Jdbi.create(source(url))), new Readers(Jdbi.create(source(url)), READERS));
    }

    private static SQLiteDataSource source(String url) {
        var config = new SQLiteConfig();
        config.setJournalMode(SQLiteConfig.JournalMode.WAL);
        config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
        config.enforceForeignKeys(true);
        config.setBusyTimeout(10_000);
        config.setPragma(SQLiteConfig.Pragma.CACHE_SIZE, "-4096");
        var source = new SQLiteDataSource(config);
        source.setUrl(url);
        return source;
    }

    private static void migrate(DataFolder folder, String url) {
        Flyway flyway = Flyway.configure(Storage.class.getClassLoader())
                .dataSource(source(url))
                .locations(MIGRATIONS)
                .load();
        boolean newer = Arrays.stream(flyway.info().applied())
                .map(MigrationInfo::getState)
                .anyMatch(s -> s == MigrationState.FUTURE_SUCCESS || s == MigrationState.FUTURE_FAILED);
        if (newer) {
            throw DataFolder.newer(folder.root()).asException();
        }
        flyway.migrate();
    }

    /**
     * Runs work that changes something. When it throws, nothing of it is kept and what it threw is thrown here.
     *
     * @param work run on the writer's thread: quick, without calls to the outside, without {@code write} or {@code read}
     * @throws ConstraintViolation when the database refuses a row
     */
    public <T> T write(Function<Handle, T> work) {
        return writer.run(work);
    }

    /**
     * Runs work that only reads, on one snapshot of the database.
     *
     * @param work run on a reader's thread: quick, without calls to the outside, without {@code write} or {@code read}
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
