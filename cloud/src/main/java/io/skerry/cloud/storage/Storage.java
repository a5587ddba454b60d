package io.skerry.cloud.storage;

import io.skerry.spec.Problem;
import io.skerry.spec.Text;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.MigrationState;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.StatementContext;
import org.jdbi.v3.core.statement.StatementExceptions;
import org.jspecify.annotations.Nullable;
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
     * @throws io.skerry.spec.ProblemException {@code data.newer-version} when a newer version of Skerry migrated it,
     *     {@code data.unreadable} when it can't be made or isn't a database of ours
     */
    public static Storage open(DataFolder folder) {
        // The native library is unpacked there; /tmp may be mounted noexec, or be another user's to fill.
        System.setProperty("org.sqlite.tmpdir", folder.folder("tmp").toString());
        String url = "jdbc:sqlite:" + file(folder);
        migrate(folder, url);
        return new Storage(new Writer(jdbi(url)), new Readers(jdbi(url), READERS));
    }

    private static Jdbi jdbi(String url) {
        Jdbi jdbi = Jdbi.create(source(url));
        // What is bound may be a secret (a service's environment), and failures end in the log.
        jdbi.getConfig(StatementExceptions.class)
                .setMessageRendering(e -> e.getShortMessage() + " [" + sql(e.getStatementContext()) + "]");
        return jdbi;
    }

    private static String sql(@Nullable StatementContext statement) {
        @Nullable String raw = statement == null ? null : statement.getRawSql();
        return raw == null ? "no statement" : raw;
    }

    /** Made before SQLite would make it, for the owner alone; what SQLite puts beside it gets the same mode. */
    private static Path file(DataFolder folder) {
        Path file = folder.root().resolve("skerry.db");
        try {
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        } catch (FileAlreadyExistsException e) {
            // From an earlier start.
        } catch (IOException e) {
            throw new Problem(
                            "data.unreadable",
                            "The database " + file + " can't be made: " + Text.shortened(e.toString(), 200) + ".",
                            "Check that this user may write to the data folder and that its disk isn't full.")
                    .asException(e);
        }
        return file;
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
        try {
            migrateOrFail(folder, url);
        } catch (FlywayException e) {
            throw new Problem(
                            "data.unreadable",
                            "The database in the data folder " + folder.root() + " can't be brought up to date.",
                            "Check that its disk isn't full, or restore the folder from a backup.")
                    .asException(e);
        }
    }

    private static void migrateOrFail(DataFolder folder, String url) {
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
