package io.skerry.cloud.storage;

import io.skerry.spec.Problem;
import io.skerry.spec.Text;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** The embedded database: a file in the data folder, which this process alone writes. */
final class SqliteEngine implements Engine {
    private static final int BATCH = 256;

    private final DataFolder folder;
    private final SQLiteDataSource source;

    SqliteEngine(DataFolder folder) {
        this.folder = folder;
        // The native library is unpacked there; /tmp may be mounted noexec, or be another user's to fill.
        System.setProperty("org.sqlite.tmpdir", folder.folder("tmp").toString());
        source = source("jdbc:sqlite:" + file(folder));
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

    @Override
    public Connection forReading() throws SQLException {
        Connection connection = source.getConnection();
        try (Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA query_only = ON");
        }
        return connection;
    }

    @Override
    public Connection forWriting() throws SQLException {
        return source.getConnection();
    }

    @Override
    public DataSource forMigrating() {
        return source;
    }

    @Override
    public int mostInOneCommit() {
        return BATCH;
    }

    @Override
    public String clock() {
        return "CAST(unixepoch('subsec') * 1000 AS INTEGER)";
    }

    @Override
    public Trouble judge(SQLException failure) {
        if (!(failure instanceof SQLiteException sqlite)
                || (sqlite.getResultCode().code & 0xff) != SQLiteErrorCode.SQLITE_CONSTRAINT.code) {
            return Trouble.OTHER;
        }
        return switch (sqlite.getResultCode()) {
            case SQLITE_CONSTRAINT_UNIQUE, SQLITE_CONSTRAINT_PRIMARYKEY, SQLITE_CONSTRAINT_ROWID -> Trouble.UNIQUE;
            case SQLITE_CONSTRAINT_FOREIGNKEY -> Trouble.FOREIGN_KEY;
            default -> Trouble.RULE;
        };
    }

    @Override
    public void note(Handle writing, long transaction) {
        // A commit in this very process always tells how it ended.
    }

    @Override
    public boolean wasKept(Handle writing, long transaction) {
        return false;
    }

    @Override
    public void done(Handle writing) {
        // Nothing was noted.
    }

    @Override
    public Problem unavailable(SQLException failure) {
        return new Problem(
                "data.unreadable",
                "The database in the data folder " + folder.root() + " can't be opened: "
                        + Text.shortened(String.valueOf(failure.getMessage()), 200) + ".",
                "Check that its disk isn't full, or restore the folder from a backup.");
    }

    @Override
    public Problem newer() {
        return DataFolder.newer(folder.root());
    }

    @Override
    public Problem notMigrated(@Nullable SQLException failure) {
        return new Problem(
                "data.unreadable",
                "The database in the data folder " + folder.root() + " can't be brought up to date.",
                "Check that its disk isn't full, or restore the folder from a backup.");
    }
}
