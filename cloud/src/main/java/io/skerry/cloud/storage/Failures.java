package io.skerry.cloud.storage;

import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** What the database's failures are called here. */
final class Failures {
    private Failures() {}

    /** A constraint's violation as one; everything else as it is. */
    static RuntimeException asThrown(Throwable thrown) {
        for (@Nullable Throwable t = thrown; t != null; t = t.getCause()) {
            if (t instanceof SQLiteException sqlite && isConstraint(sqlite)) {
                return new ConstraintViolation(kind(sqlite.getResultCode()), thrown);
            }
            if (t instanceof SQLException) {
                break;
            }
        }
        if (thrown instanceof Error error) {
            throw error;
        }
        return thrown instanceof RuntimeException runtime ? runtime : new IllegalStateException(thrown);
    }

    private static boolean isConstraint(SQLiteException e) {
        return (e.getResultCode().code & 0xff) == SQLiteErrorCode.SQLITE_CONSTRAINT.code;
    }

    private static ConstraintViolation.Kind kind(SQLiteErrorCode code) {
        return switch (code) {
            case SQLITE_CONSTRAINT_UNIQUE, SQLITE_CONSTRAINT_PRIMARYKEY, SQLITE_CONSTRAINT_ROWID ->
                ConstraintViolation.Kind.UNIQUE;
            case SQLITE_CONSTRAINT_FOREIGNKEY -> ConstraintViolation.Kind.FOREIGN_KEY;
            default -> ConstraintViolation.Kind.OTHER;
        };
    }
}
