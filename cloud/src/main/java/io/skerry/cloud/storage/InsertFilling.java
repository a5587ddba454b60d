package io.skerry.cloud.storage;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** By many statements, as the embedded database takes them. */
final class InsertFilling implements Filling {
    private static final int AT_ONCE = 500;

    private final Table table;
    private final List<String> columns;
    private final PreparedStatement statement;
    private int waiting;

    InsertFilling(Connection connection, Table table, List<String> columns) throws SQLException {
        this.table = table;
        this.columns = columns;
        statement = connection.prepareStatement("INSERT INTO " + Table.quoted(table.name()) + " ("
                + Table.quoted(columns) + ") VALUES ("
                + String.join(", ", Collections.nCopies(columns.size(), "?")) + ")");
    }

    @Override
    public void add(String line) throws SQLException {
        List<@Nullable String> values = PortableRow.values(line, columns.size());
        for (int i = 0; i < columns.size(); i++) {
            boolean number = table.numbers().contains(columns.get(i));
            @Nullable String value = values.get(i);
            if (value == null) {
                statement.setNull(i + 1, number ? Types.BIGINT : Types.VARCHAR);
            } else if (number) {
                statement.setLong(i + 1, number(value));
            } else {
                statement.setString(i + 1, value);
            }
        }
        statement.addBatch();
        if (++waiting == AT_ONCE) {
            end();
        }
    }

    private static long number(String value) {
        try {
            return Long.parseLong(value);
        } catch (NumberFormatException _) {
            throw PortableRow.damaged("has something else where a whole number belongs");
        }
    }

    @Override
    public void end() throws SQLException {
        statement.executeBatch();
        waiting = 0;
    }

    @Override
    public void close() throws SQLException {
        statement.close();
    }
}
