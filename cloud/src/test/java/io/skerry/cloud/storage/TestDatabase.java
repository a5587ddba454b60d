package io.skerry.cloud.storage;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/**
 * The database that tests run on: the embedded one, or PostgreSQL when the system property {@code skerry.test.database} says
 * {@code postgresql}. Tests that use it carry the tag {@value #TAG} and so run once on each.
 */
public final class TestDatabase {
    /** Of all tests that use a database, whichever. */
    public static final String TAG = "storage";
    /** Of those that are about PostgreSQL and nothing else. */
    public static final String POSTGRESQL = "postgresql";

    private TestDatabase() {}

    /** Where the database is for what is kept in this folder, the same at each call; nothing when it is embedded. */
    public static Optional<PostgresAddress> of(Path data) {
        return System.getProperty("skerry.test.database", "").equals("postgresql")
                ? Optional.of(PostgresServer.shared().databaseOf(data))
                : Optional.empty();
    }

    /** Opens the database under test. */
    public static Storage open(DataFolder folder) {
        return of(folder.root()).map(Storage::open).orElseGet(() -> Storage.open(folder));
    }

    /** Opens the embedded database, whichever is under test: for what is about both at once. */
    public static Storage embedded(DataFolder folder) {
        return Storage.open(folder);
    }

    /** A PostgreSQL database without rows, of its own for this folder. */
    public static PostgresAddress postgres(Path data) {
        return PostgresServer.shared().databaseOf(data);
    }

    /** A PostgreSQL database in which nothing was ever made. */
    public static PostgresAddress bare() {
        return PostgresServer.shared().database("C");
    }

    static boolean isPostgres(Handle h) {
        try {
            return h.getConnection().getMetaData().getDatabaseProductName().equals("PostgreSQL");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A way to PostgreSQL that can be cut. */
    public static CutWire wire() {
        return new CutWire(PostgresServer.shared().port());
    }

    /** Where PostgreSQL's database is for what is kept in this folder, by that way. */
    public static PostgresAddress through(CutWire wire, Path data) {
        PostgresAddress a = PostgresServer.shared().databaseOf(data);
        return new PostgresAddress(
                a.host(), wire.port(), a.database(), a.user(), a.passwordFile(), a.encrypted(), a.authorityFile());
    }
}
