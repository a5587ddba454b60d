package io.skerry.cloud.storage;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;

/** Reads columns that may be null: JDBC gives 0 for those, and tells it of the column that was read last alone. */
public final class Columns {
    private Columns() {}

    /** A whole number; empty when it is null. */
    public static Optional<Long> number(ResultSet rs, String column) throws SQLException {
        long value = rs.getLong(column);
        return rs.wasNull() ? Optional.empty() : Optional.of(value);
    }
}
