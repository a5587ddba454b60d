package io.skerry.cloud.storage;

import io.skerry.spec.Problem;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** All in which the databases differ that can hold the tables. */
sealed interface Engine permits SqliteEngine, PostgresEngine {
    /** A connection for transactions that only read, each on one snapshot. */
    Connection forReading() throws SQLException;

    /** A connection for transactions that count as if they ran one after the other, durable once committed. */
    Connection forWriting() throws SQLException;

    /** Connections for bringing the tables up to date. */
    DataSource forMigrating();

    /** How many pieces of work may share a commit. */
    int mostInOneCommit();

    /** An SQL expression: the database's own time, whole milliseconds since 1970. */
    String clock();

    /** What a failure of the database means. */
    Trouble judge(SQLException failure);

    /** Notes within a transaction which one it is, so that {@link #wasKept} can tell whether it was kept. */
    void note(Handle writing, long transaction);

    /**
     * Whether the transaction that was noted last, on a connection that was lost while it was committed, was this one. Waits
     * until the database itself is done with it.
     */
    boolean wasKept(Handle writing, long transaction);

    /** Called when no more will be noted. */
    void done(Handle writing);

    /** Why no connection can be had. */
    Problem unavailable(SQLException failure);

    /** What is said when a newer version of Skerry migrated the tables. */
    Problem newer();

    /** What is said when the tables can't be brought up to date. */
    Problem notMigrated(@Nullable SQLException failure);
}
