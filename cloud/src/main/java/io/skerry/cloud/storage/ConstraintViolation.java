package io.skerry.cloud.storage;

import java.io.Serial;

/** The database refused a row. Nothing of the work that wrote it was kept. */
public final class ConstraintViolation extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    private final Kind kind;

    ConstraintViolation(Kind kind, Throwable cause) {
        super("constraint violated: " + kind, cause);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }

    /** Which rule the row broke. */
    public enum Kind {
        /** Another row has this value already. */
        UNIQUE,
        /** What it points at isn't there, or it is still pointed at. */
        FOREIGN_KEY,
        /** Anything else: a missing value, a check. */
        OTHER
    }
}
