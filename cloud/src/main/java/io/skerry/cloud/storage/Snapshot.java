package io.skerry.cloud.storage;

import io.skerry.spec.Problem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jdbi.v3.core.ConnectionException;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * All that a database holds at one moment, while others go on writing: one transaction on a connection of its own, which
 * changes nothing. Used by one thread.
 */
public final class Snapshot implements AllRows, AutoCloseable {
    private static final int FETCHED_AT_ONCE = 500;

    private final Engine engine;
    private final Handle handle;
    private final String schema;
    private final Map<String, Table> tables;

    private Snapshot(Engine engine, Handle handle) throws SQLException {
        this.engine = engine;
        this.handle = handle;
        Connection connection = handle.getConnection();
        if (!Table.anyMade(connection)) {
            throw nothing("The database has no control plane's tables.").asException();
        }
        this.schema = schema(connection);
        var found = new LinkedHashMap<String, Table>();
        Table.all(connection).forEach(t -> found.put(t.name(), t));
        this.tables = found;
    }

    /**
     * Of the embedded database of a data folder, which a control plane may have open.
     *
     * @throws io.skerry.spec.ProblemException {@code backup.nothing} when there is none, {@code data.moved}, {@code
     *     data.unreadable}
     */
    public static Snapshot of(Path data) {
        requireOne(data);
        FolderMarks.refuseMoved(data);
        return begun(new SqliteEngine(data));
    }

    /**
     * Of a PostgreSQL database, which control planes may use.
     *
     * @throws io.skerry.spec.ProblemException {@code backup.nothing} when it has none of our tables, {@code database.…},
     *     {@code storage.unavailable}
     */
    public static Snapshot of(PostgresAddress address) {
        return begun(new PostgresEngine(address));
    }

    /**
     * Refuses a folder that has no embedded database, before anything makes one.
     *
     * @throws io.skerry.spec.ProblemException {@code backup.nothing}
     */
    public static void requireOne(Path data) {
        if (!Files.exists(data.resolve(SqliteEngine.FILE))) {
            throw nothing("The folder " + data + " has no database in it.").asException();
        }
    }

    private static Snapshot begun(Engine engine) {
        @Nullable Handle handle = null;
        try {
            handle = Handles.open(engine::forReadingAll);
            handle.begin();
            return new Snapshot(engine, handle);
        } catch (SQLException | ConnectionException e) {
            close(handle);
            throw engine.unavailable(Failures.database(e).orElseGet(() -> new SQLException(e)))
                    .asException(e);
        } catch (RuntimeException e) {
            close(handle);
            throw e;
        }
    }

    private static void close(@Nullable Handle handle) {
        if (handle != null) {
            if (handle.isInTransaction()) {
                handle.rollback();
            }
            handle.close();
        }
    }

    private static Problem nothing(String message) {
        return new Problem(
                "backup.nothing",
                message,
                "Name the folder with --data, and the database with --database if it isn't the embedded one.");
    }

    static String schema(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rs = statement.executeQuery("SELECT version FROM " + Table.HISTORY
                        + " WHERE version IS NOT NULL ORDER BY installed_rank DESC")) {
            if (!rs.next()) {
                throw nothing("The database has no control plane's tables.").asException();
            }
            return rs.getString(1);
        }
    }

    @Override
    public String schema() {
        return schema;
    }

    @Override
    public Map<String, List<String>> columns() {
        return tables.values().stream()
                .collect(Collectors.toMap(Table::name, Table::columns, (a, b) -> a, LinkedHashMap::new));
    }

    @Override
    public void rows(String table, Consumer<String> line) {
        Table asked = Objects.requireNonNull(tables.get(table));
        try {
            each(handle.getConnection(), asked, asked.columns(), line);
        } catch (SQLException e) {
            throw engine.unavailable(e).asException(e);
        }
    }

    /** Asks what else of this moment is wanted. */
    public <T> T read(Function<Handle, T> work) {
        return work.apply(handle);
    }

    static void each(Connection connection, Table table, List<String> columns, Consumer<String> line)
            throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.setFetchSize(FETCHED_AT_ONCE);
            try (ResultSet rs = statement.executeQuery(table.query(columns))) {
                while (rs.next()) {
                    line.accept(PortableRow.of(rs, columns.size()));
                }
            }
        }
    }

    @Override
    public void close() {
        close(handle);
    }
}
