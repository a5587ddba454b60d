package io.skerry.cloud.storage;

import java.util.Optional;

/** What a database's failure means for whoever asked. */
enum Trouble {
    /** A row that another one stands against. */
    UNIQUE,
    /** A row that points at nothing, or is pointed at. */
    FOREIGN_KEY,
    /** A row that breaks another rule. */
    RULE,
    /** It came into another one's way and may work when it is done again. */
    CROSSED,
    /** The connection is gone, or is good for nothing any more. */
    LOST,
    /** A mistake in the statement, a full disk, or whatever else. */
    OTHER;

    /** Which rule a row broke. */
    Optional<ConstraintViolation.Kind> violation() {
        return switch (this) {
            case UNIQUE -> Optional.of(ConstraintViolation.Kind.UNIQUE);
            case FOREIGN_KEY -> Optional.of(ConstraintViolation.Kind.FOREIGN_KEY);
            case RULE -> Optional.of(ConstraintViolation.Kind.OTHER);
            case CROSSED, LOST, OTHER -> Optional.empty();
        };
    }
}
