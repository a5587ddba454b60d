package io.skerry.cloud.storage;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;

/**
 * Three rows in each table that the migrations make, whatever tables those are: texts with what is hard to write down, nulls
 * where they may be, and rows that refer to later ones of their own table.
 */
public final class FullTables {
    private static final int ROWS = 3;
    private static final List<String> HARD =
            List.of("plain", "tab\there\\N and \\ there", "line\r\nåäö \uD83D\uDEA2 \\. 'quote'");

    private FullTables() {}

    /** Fills them. */
    public static void fill(Storage storage) {
        storage.write(h -> {
            try {
                h.execute("DELETE FROM storage_writers");
                for (Table table : Table.all(h.getConnection())) {
                    fill(h, table);
                }
                return 0;
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    private static void fill(Handle h, Table table) throws SQLException {
        Map<String, String> referred = references(h.getConnection(), table);
        Set<String> nullable = nullable(h.getConnection(), table);
        // The last one first, so that a row of this table can refer to a later one.
        for (int n = ROWS - 1; n >= 0; n--) {
            var row = new LinkedHashMap<String, Object>();
            for (String column : table.columns()) {
                int number = n;
                value(h, table, column, n, Optional.ofNullable(referred.get(column)))
                        .filter(v -> !(number == 1 && nullable.contains(column)))
                        .ifPresent(v -> row.put(column, v));
            }
            var insert = h.createUpdate("INSERT INTO " + table.name() + " ("
                    + String.join(", ", row.keySet()) + ") VALUES ("
                    + row.keySet().stream().map(c -> ":" + c).collect(Collectors.joining(", ")) + ")");
            row.forEach(insert::bind);
            insert.execute();
        }
    }

    private static Optional<Object> value(Handle h, Table table, String column, int n, Optional<String> referred) {
        if (referred.isEmpty()) {
            return Optional.of(table.numbers().contains(column) ? (Object) n : column + n + HARD.get(n));
        }
        String other = referred.get().substring(0, referred.get().indexOf('.'));
        String key = referred.get().substring(other.length() + 1);
        List<Object> there = h.createQuery("SELECT " + key + " FROM " + other + " ORDER BY " + key)
                .map((rs, c) -> rs.getObject(1))
                .list();
        // A parent in one's own table is the row after this one, whose key is greater.
        return other.equals(table.name()) ? there.stream().findFirst() : Optional.of(there.get(n));
    }

    /** By column: what it refers to, as table.column. */
    private static Map<String, String> references(Connection connection, Table table) throws SQLException {
        var referred = new HashMap<String, String>();
        try (ResultSet rs = connection.getMetaData().getImportedKeys(null, connection.getSchema(), table.name())) {
            while (rs.next()) {
                referred.put(
                        rs.getString("FKCOLUMN_NAME"),
                        rs.getString("PKTABLE_NAME") + "." + rs.getString("PKCOLUMN_NAME"));
            }
        }
        return referred;
    }

    private static Set<String> nullable(Connection connection, Table table) throws SQLException {
        var nullable = new TreeSet<String>();
        try (ResultSet rs = connection.getMetaData().getColumns(null, connection.getSchema(), table.name(), "%")) {
            while (rs.next()) {
                if (rs.getString("TABLE_NAME").equals(table.name())
                        && rs.getString("IS_NULLABLE").equals("YES")) {
                    nullable.add(rs.getString("COLUMN_NAME"));
                }
            }
        }
        nullable.removeAll(table.key());
        return nullable;
    }

    /** The tables that there are by the database's own list, which is read in another way than the export reads it. */
    public static Set<String> names(Storage storage) {
        return storage.read(h -> {
            String list = TestDatabase.isPostgres(h)
                    ? "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
                    : "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'";
            Set<String> names =
                    new TreeSet<>(h.createQuery(list).mapTo(String.class).list());
            names.remove("flyway_schema_history");
            return names;
        });
    }
}
