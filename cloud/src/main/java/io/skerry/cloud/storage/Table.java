package io.skerry.cloud.storage;

import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * A table as the database itself describes it, so that none and no column of one can be forgotten.
 *
 * @param columns all of them, in their order
 * @param numbers those that hold whole numbers; the others hold text
 * @param key by which its rows are sorted
 * @param refersTo other tables whose rows must be there first
 */
record Table(String name, List<String> columns, Set<String> numbers, List<String> key, Set<String> refersTo) {
    /** Of the migrations themselves; whoever migrates writes it. */
    static final String HISTORY = "flyway_schema_history";

    private static final Set<String> TEXTS = Set.of("text");
    private static final Set<String> WHOLE_NUMBERS = Set.of("integer", "int4", "bigint", "int8");

    Table {
        columns = List.copyOf(columns);
        numbers = Set.copyOf(numbers);
        key = List.copyOf(key);
        refersTo = Set.copyOf(refersTo);
    }

    /** All that there are, each after those to which it refers. */
    static List<Table> all(Connection connection) throws SQLException {
        var tables = new TreeMap<String, Table>();
        for (String name : names(connection)) {
            if (!name.equals(HISTORY)) {
                tables.put(name, of(connection, name));
            }
        }
        return referredFirst(tables);
    }

    /** Whether anything ever made tables there. */
    static boolean anyMade(Connection connection) throws SQLException {
        return names(connection).contains(HISTORY);
    }

    private static Set<String> names(Connection connection) throws SQLException {
        try (ResultSet rs = connection
                .getMetaData()
                .getTables(connection.getCatalog(), connection.getSchema(), "%", new String[] {"TABLE"})) {
            var names = new TreeSet<String>();
            while (rs.next()) {
                names.add(rs.getString("TABLE_NAME"));
            }
            return names;
        }
    }

    private static Table of(Connection connection, String name) throws SQLException {
        DatabaseMetaData meta = connection.getMetaData();
        var types = new LinkedHashMap<String, Boolean>();
        try (ResultSet rs = meta.getColumns(connection.getCatalog(), connection.getSchema(), name, "%")) {
            while (rs.next()) {
                // The name was a pattern, in which an underscore stands for any character.
                if (rs.getString("TABLE_NAME").equals(name)) {
                    String column = rs.getString("COLUMN_NAME");
                    if ("YES".equals(rs.getString("IS_AUTOINCREMENT"))) {
                        throw new IllegalStateException("the column " + name + "." + column
                                + " is counted by the database, and how far it has come isn't copied");
                    }
                    types.put(column, isNumber(name + "." + column, rs.getString("TYPE_NAME")));
                }
            }
        }
        var key = new TreeMap<Integer, String>();
        try (ResultSet rs = meta.getPrimaryKeys(connection.getCatalog(), connection.getSchema(), name)) {
            while (rs.next()) {
                key.put(rs.getInt("KEY_SEQ"), rs.getString("COLUMN_NAME"));
            }
        }
        var refersTo = new TreeSet<String>();
        try (ResultSet rs = meta.getImportedKeys(connection.getCatalog(), connection.getSchema(), name)) {
            while (rs.next()) {
                refersTo.add(rs.getString("PKTABLE_NAME"));
            }
        }
        refersTo.remove(name);
        return new Table(
                name,
                List.copyOf(types.keySet()),
                types.entrySet().stream()
                        .filter(Map.Entry::getValue)
                        .map(Map.Entry::getKey)
                        .collect(Collectors.toSet()),
                key.isEmpty() ? List.copyOf(types.keySet()) : List.copyOf(key.values()),
                refersTo);
    }

    private static boolean isNumber(String column, String type) {
        String word = type.toLowerCase(Locale.ROOT);
        if (!WHOLE_NUMBERS.contains(word) && !TEXTS.contains(word)) {
            throw new IllegalStateException("the column " + column + " is of the type " + type
                    + ", which is neither text nor a whole number: it can't be copied to the other database");
        }
        return WHOLE_NUMBERS.contains(word);
    }

    private static List<Table> referredFirst(Map<String, Table> tables) {
        var left = new TreeMap<>(tables);
        var sorted = new ArrayList<Table>();
        while (!left.isEmpty()) {
            List<Table> next = left.values().stream()
                    .filter(t -> t.refersTo.stream().noneMatch(left::containsKey))
                    .toList();
            if (next.isEmpty()) {
                throw new IllegalStateException("tables refer to each other in a circle: " + left.keySet());
            }
            next.forEach(t -> left.remove(t.name));
            sorted.addAll(next);
        }
        return List.copyOf(sorted);
    }

    /** All rows in the order of the key, which is the same on each database. */
    String query(List<String> inThisOrder) {
        return "SELECT " + quoted(inThisOrder) + " FROM " + quoted(name) + " ORDER BY " + quoted(key);
    }

    /** Those among the columns that it doesn't have, or that it has besides. */
    Set<String> unlike(List<String> others) {
        var unlike = new LinkedHashSet<>(others);
        unlike.removeAll(columns);
        columns.stream().filter(c -> !others.contains(c)).forEach(unlike::add);
        return unlike;
    }

    static String quoted(List<String> names) {
        return names.stream().map(Table::quoted).collect(Collectors.joining(", "));
    }

    static String quoted(String name) {
        return "\"" + name.replace("\"", "\"\"") + "\"";
    }
}
