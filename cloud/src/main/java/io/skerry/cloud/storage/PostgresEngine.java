package io.skerry.cloud.storage;

import io.skerry.spec.Problem;
import io.skerry.spec.Text;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import org.postgresql.ds.PGSimpleDataSource;
import org.postgresql.ssl.DefaultJavaSSLFactory;

/**
 * A PostgreSQL database, or what speaks its protocol, which several processes may write.
 *
 * <p>Whether a commit was kept whose answer got lost is told by a row of this engine's own, which each of its transactions
 * changes: whoever reads it for writing waits for the transaction that was cut off.
 */
final class PostgresEngine implements Engine {
    /** Beyond 64 savepoints in a transaction PostgreSQL reads slower for everyone. */
    private static final int BATCH = 60;

    private static final int CONNECT_SECONDS = 5;
    private static final int ANSWER_SECONDS = 30;
    /** How long the server keeps a transaction, and its locks, of a process that it doesn't hear from any more. */
    private static final String FORGOTTEN = "15s";

    private static final String NOW = "CAST(EXTRACT(EPOCH FROM now()) * 1000 AS BIGINT)";

    private final PostgresAddress address;
    private final PostgresProblems problems;
    private final String writer = UUID.randomUUID().toString();

    PostgresEngine(PostgresAddress address) {
        this.address = address;
        this.problems = new PostgresProblems(address);
    }

    /**
     * Refuses a server on which the same queries wouldn't give the same answers as on the embedded database.
     *
     * @throws io.skerry.spec.ProblemException {@code database.…}, {@code storage.unavailable}
     */
    void check() {
        try (Connection connection = source(ANSWER_SECONDS).getConnection();
                Statement statement = connection.createStatement();
                ResultSet rs = statement.executeQuery("SELECT current_setting('server_encoding'),"
                        // By the bytes the first is true, and by no language's rules are both.
                        + " 'B' < 'a' AND 'a-c' < 'ab'")) {
            rs.next();
            if (!rs.getString(1).equals("UTF8") || !rs.getBoolean(2)) {
                throw problems.otherOrder(rs.getString(1)).asException();
            }
        } catch (SQLException e) {
            throw problems.unavailable(e).asException(e);
        }
    }

    private PGSimpleDataSource source(int answerSeconds) throws SQLException {
        var source = new PGSimpleDataSource();
        source.setServerNames(new String[] {address.host()});
        source.setPortNumbers(new int[] {address.port()});
        source.setDatabaseName(address.database());
        source.setUser(address.user());
        if (address.passwordFile().isPresent()) {
            source.setPassword(password(address.passwordFile().get()));
        }
        source.setSslMode(address.encrypted() ? "verify-full" : "disable");
        if (address.authorityFile().isPresent()) {
            source.setSslRootCert(address.authorityFile().get().toString());
        } else if (address.encrypted()) {
            source.setSslfactory(DefaultJavaSSLFactory.class.getName());
        }
        source.setGssEncMode("disable");
        source.setApplicationName("skerry-cloud");
        source.setTargetServerType("primary");
        source.setConnectTimeout(CONNECT_SECONDS);
        source.setSocketTimeout(answerSeconds);
        source.setTcpKeepAlive(true);
        // A detail repeats the row, which may hold a secret, and failures end in the log.
        source.setLogServerErrorDetail(false);
        return source;
    }

    private static String password(Path file) throws SQLException {
        try {
            return Files.readString(file, StandardCharsets.UTF_8).strip();
        } catch (IOException e) {
            throw new SQLException(
                    "the password file " + file + " can't be read: " + Text.shortened(e.toString(), 200),
                    PostgresProblems.NO_PASSWORD,
                    e);
        }
    }

    @Override
    public Connection forReading() throws SQLException {
        Connection connection = source(ANSWER_SECONDS).getConnection();
        connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
        connection.setReadOnly(true);
        return connection;
    }

    @Override
    public Connection forWriting() throws SQLException {
        Connection connection = source(ANSWER_SECONDS).getConnection();
        keepDurably(connection);
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET idle_in_transaction_session_timeout = '" + FORGOTTEN + "'");
        }
        connection.setTransactionIsolation(Connection.TRANSACTION_SERIALIZABLE);
        return connection;
    }

    private static void keepDurably(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("SELECT set_config('synchronous_commit', 'on', false)"
                    + " WHERE current_setting('synchronous_commit') = 'off'");
        }
    }

    @Override
    public Connection forReadingAll() throws SQLException {
        Connection connection = source(0).getConnection();
        connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
        connection.setReadOnly(true);
        return connection;
    }

    @Override
    public Connection forFilling() throws SQLException {
        Connection connection = source(0).getConnection();
        keepDurably(connection);
        connection.setTransactionIsolation(Connection.TRANSACTION_SERIALIZABLE);
        return connection;
    }

    @Override
    public void beforeFilling(Handle filling) {
        // Each table is filled by one statement, and its references are looked at when that ends.
    }

    @Override
    public Filling filling(Connection connection, Table table, List<String> columns) throws SQLException {
        return new CopyFilling(connection, table, columns);
    }

    @Override
    public DataSource forMigrating() {
        try {
            return source(0);
        } catch (SQLException e) {
            throw problems.unavailable(e).asException(e);
        }
    }

    @Override
    public int mostInOneCommit() {
        return BATCH;
    }

    @Override
    public String clock() {
        // Not now(), which stands still while a long transaction lasts.
        return "CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)";
    }

    @Override
    public Trouble judge(SQLException failure) {
        return PostgresProblems.judge(failure);
    }

    @Override
    public void note(Handle writing, long transaction) {
        // Never by an ordinary UPDATE: reading the table to find the row would cross other processes' transactions.
        writing.execute(
                "INSERT INTO storage_writers (writer_id, last_transaction, seen_at) VALUES (?, ?, " + NOW + ")"
                        + " ON CONFLICT (writer_id) DO UPDATE"
                        + " SET last_transaction = excluded.last_transaction, seen_at = excluded.seen_at",
                writer,
                transaction);
    }

    @Override
    public boolean wasKept(Handle writing, long transaction) {
        return writing.inTransaction(h -> {
            h.execute("SET TRANSACTION ISOLATION LEVEL READ COMMITTED");
            return h.createQuery("INSERT INTO storage_writers (writer_id, last_transaction, seen_at)"
                                    + " VALUES (:writer, 0, " + NOW + ")"
                                    + " ON CONFLICT (writer_id) DO UPDATE SET seen_at = excluded.seen_at"
                                    + " RETURNING last_transaction")
                            .bind("writer", writer)
                            .mapTo(Long.class)
                            .one()
                    == transaction;
        });
    }

    @Override
    public void done(Handle writing) {
        // Besides its own row, those of processes that didn't come to this point.
        writing.execute(
                "DELETE FROM storage_writers WHERE writer_id = ? OR seen_at < " + NOW + " - 30 * 86400000::bigint",
                writer);
    }

    @Override
    public Problem unavailable(SQLException failure) {
        return problems.unavailable(failure);
    }

    @Override
    public Problem newer() {
        return problems.newer();
    }

    @Override
    public Problem notMigrated(@Nullable SQLException failure) {
        return problems.notMigrated(failure);
    }
}
