package io.skerry.cloud.storage;

import io.skerry.spec.Problem;
import io.skerry.spec.ProblemException;
import io.skerry.spec.Text;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jdbi.v3.core.ConnectionException;
import org.jdbi.v3.core.Handle;

/**
 * A database without rows, to be filled with those of another one: all of them or, when anything comes between, none.
 *
 * <p>The tables are made first, as they were where the rows come from. That is kept also when the filling isn't, and the next
 * try begins with it. A control plane that is started on the database brings the tables up to date.
 */
public final class NewDatabase {
    private final Engine engine;
    private final String place;

    private NewDatabase(Engine engine, String place) {
        this.engine = engine;
        this.place = place;
    }

    /** The embedded one of a data folder. */
    public static NewDatabase in(DataFolder folder) {
        return new NewDatabase(new SqliteEngine(folder.root()), "in " + folder.root());
    }

    /**
     * One of PostgreSQL.
     *
     * @throws ProblemException {@code database.…}, {@code storage.unavailable}
     */
    public static NewDatabase at(PostgresAddress address) {
        var engine = new PostgresEngine(address);
        engine.check();
        return new NewDatabase(engine, "'" + address.database() + "' at " + address.place());
    }

    /**
     * Refuses it when it holds anything.
     *
     * @throws ProblemException {@code database.not-empty}
     */
    public void requireEmpty() {
        inTransaction(handle -> {
            requireEmpty(handle.getConnection());
            return place;
        });
    }

    private void requireEmpty(Connection connection) throws SQLException {
        for (Table table : Table.all(connection)) {
            if (hasRows(connection, table)) {
                throw new Problem(
                                "database.not-empty",
                                "The database " + place + " holds something already: rows in its table " + table.name()
                                        + ".",
                                "Name a new database; what is there is left as it is.")
                        .asException();
            }
        }
    }

    private static boolean hasRows(Connection connection, Table table) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rs = statement.executeQuery("SELECT 1 FROM " + Table.quoted(table.name()) + " LIMIT 1")) {
            return rs.next();
        }
    }

    /** The tables whose rows aren't those that are given; all of them when it has other tables. */
    public Set<String> differing(AllRows rows) {
        return inTransaction(handle -> {
            Connection connection = handle.getConnection();
            if (!Table.anyMade(connection) || !rows.schema().equals(Snapshot.schema(connection))) {
                return rows.columns().keySet();
            }
            var differing = new TreeSet<String>();
            for (Table table : matching(connection, rows)) {
                var given = new RowSum.Counter();
                rows.rows(table.name(), given::add);
                if (!sum(connection, table, rows).equals(given.sum())) {
                    differing.add(table.name());
                }
            }
            return differing;
        });
    }

    /**
     * Makes the tables, fills them, reads them again to compare them with what came, and keeps all that in one transaction.
     *
     * @param last what is to be done in the same transaction, right before it is kept
     * @return what each table was filled with
     * @throws ProblemException {@code database.not-empty}, {@code data.newer-version} when the rows are of a later version of
     *     Skerry, {@code database.not-filled}; then nothing of it is kept
     */
    public Map<String, RowSum> fill(AllRows rows, Consumer<Handle> last) {
        requireEmpty();
        Migrations.run(engine, Optional.of(rows.schema()));
        return inTransaction(handle -> {
            Connection connection = handle.getConnection();
            requireEmpty(connection);
            if (!rows.schema().equals(Snapshot.schema(connection))) {
                throw otherTables(": they are of another version of Skerry").asException();
            }
            engine.beforeFilling(handle);
            var sums = new TreeMap<String, RowSum>();
            List<Table> tables = matching(connection, rows);
            for (Table table : tables) {
                sums.put(table.name(), fill(connection, table, rows));
            }
            for (Table table : tables) {
                if (!sum(connection, table, rows).equals(sums.get(table.name()))) {
                    throw notFilled("what is in the table " + table.name() + " isn't what was written into it")
                            .asException();
                }
            }
            last.accept(handle);
            return sums;
        });
    }

    private RowSum fill(Connection connection, Table table, AllRows rows) throws SQLException {
        var counter = new RowSum.Counter();
        try (Filling filling = engine.filling(connection, table, columns(table, rows))) {
            rows.rows(table.name(), line -> {
                counter.add(line);
                try {
                    filling.add(line);
                } catch (SQLException e) {
                    throw notFilled(e).asException(e);
                }
            });
            filling.end();
        }
        return counter.sum();
    }

    private static RowSum sum(Connection connection, Table table, AllRows rows) throws SQLException {
        var counter = new RowSum.Counter();
        Snapshot.each(connection, table, columns(table, rows), counter::add);
        return counter.sum();
    }

    private static List<String> columns(Table table, AllRows rows) {
        return Objects.requireNonNull(rows.columns().get(table.name()));
    }

    /** Its tables, which must be the very ones that the rows are of. */
    private List<Table> matching(Connection connection, AllRows rows) throws SQLException {
        var mine = new LinkedHashMap<String, Table>();
        Table.all(connection).forEach(t -> mine.put(t.name(), t));
        var unlike = new TreeSet<>(mine.keySet());
        unlike.removeAll(rows.columns().keySet());
        rows.columns().forEach((name, columns) -> {
            Table table = mine.get(name);
            if (table == null || !table.unlike(columns).isEmpty()) {
                unlike.add(name);
            }
        });
        if (!unlike.isEmpty()) {
            throw otherTables(": " + Text.shortened(unlike.toString(), 200)).asException();
        }
        return List.copyOf(mine.values());
    }

    private Problem otherTables(String which) {
        return new Problem(
                "database.other-tables",
                "The database " + place + " has other tables than those that the rows are of" + which + ".",
                "Name a new database; what is there is left as it is.");
    }

    private Problem notFilled(SQLException e) {
        // Only the first line: what follows may repeat a row.
        return notFilled(String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
    }

    private Problem notFilled(String why) {
        return new Problem(
                "database.not-filled",
                "The database " + place + " couldn't be filled: " + Text.shortened(why, 200) + ".",
                "Nothing of it was kept. Mend the cause and do it again.");
    }

    private interface Work<T> {
        T on(Handle handle) throws SQLException;
    }

    private <T> T inTransaction(Work<T> work) {
        try (Handle handle = Handles.open(engine::forFilling)) {
            handle.begin();
            try {
                T result = work.on(handle);
                handle.commit();
                return result;
            } catch (Throwable e) {
                rollback(handle, e);
                throw e;
            }
        } catch (ConnectionException e) {
            SQLException failure = Failures.database(e).orElseGet(() -> new SQLException(e));
            throw engine.unavailable(failure).asException(e);
        } catch (ProblemException e) {
            throw e;
        } catch (SQLException e) {
            throw notFilled(e).asException(e);
        } catch (RuntimeException e) {
            Optional<SQLException> failure = Failures.database(e);
            throw failure.isPresent() ? notFilled(failure.get()).asException(e) : e;
        }
    }

    private static void rollback(Handle handle, Throwable because) {
        try {
            handle.rollback();
        } catch (RuntimeException e) {
            because.addSuppressed(e);
        }
    }
}
