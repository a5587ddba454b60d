package io.skerry.cloud.storage;

import io.skerry.spec.Problem;
import io.skerry.spec.ProblemException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A row as one line, the same from each database: the text form of PostgreSQL's {@code COPY} (values between tabs, {@code \N}
 * for null, a backslash before what would end a value or a line).
 */
final class PortableRow {
    private static final String NULL = "\\N";

    private PortableRow() {}

    /** The row at which the result stands. */
    static String of(ResultSet rs, int columns) throws SQLException {
        var line = new StringBuilder();
        for (int i = 1; i <= columns; i++) {
            if (i > 1) {
                line.append('\t');
            }
            @Nullable String value = rs.getString(i);
            if (value == null) {
                line.append(NULL);
            } else {
                escape(value, line);
            }
        }
        return line.toString();
    }

    private static void escape(String value, StringBuilder line) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            switch (c) {
                case '\\' -> line.append("\\\\");
                case '\t' -> line.append("\\t");
                case '\n' -> line.append("\\n");
                case '\r' -> line.append("\\r");
                default -> line.append(c);
            }
        }
    }

    /**
     * The values of a line.
     *
     * @throws ProblemException {@code backup.damaged}
     */
    static List<@Nullable String> values(String line, int columns) {
        String[] parts = line.split("\t", -1);
        if (parts.length != columns) {
            throw damaged("has " + parts.length + " values where there are " + columns + " columns");
        }
        var values = new ArrayList<@Nullable String>(columns);
        for (String part : parts) {
            values.add(part.equals(NULL) ? null : part.indexOf('\\') < 0 ? part : plain(part));
        }
        return values;
    }

    private static String plain(String escaped) {
        var value = new StringBuilder(escaped.length());
        boolean after = false;
        for (int i = 0; i < escaped.length(); i++) {
            char c = escaped.charAt(i);
            if (after) {
                value.append(meant(c));
                after = false;
            } else if (c == '\\') {
                after = true;
            } else {
                value.append(c);
            }
        }
        if (after) {
            throw damaged("ends with a backslash");
        }
        return value.toString();
    }

    private static char meant(char afterBackslash) {
        return switch (afterBackslash) {
            case '\\' -> '\\';
            case 't' -> '\t';
            case 'n' -> '\n';
            case 'r' -> '\r';
            default -> throw damaged("has a backslash before something that needs none");
        };
    }

    static ProblemException damaged(String how) {
        return new Problem("backup.damaged", "A row of the backup " + how + ".", "Use another backup.").asException();
    }
}
