package io.skerry.spec.desired;

import io.avaje.jsonb.Json;
import java.util.Comparator;

/**
 * Where a document stands in a node's history; it only grows. A restored backup starts a new epoch, in which serials
 * begin anew; so does a move to another database.
 *
 * @param epoch at least 1 once anything was told
 * @param serial grows by at least one with each change within an epoch
 */
@Json
public record Position(long epoch, long serial) implements Comparable<Position> {
    /** Before the first document. */
    public static final Position NONE = new Position(0, 0);

    private static final Comparator<Position> ORDER =
            Comparator.comparingLong(Position::epoch).thenComparingLong(Position::serial);

    public Position {
        if (epoch < 0 || serial < 0) {
            throw new IllegalArgumentException("a position has no negative parts: " + epoch + "." + serial);
        }
    }

    /** The next one in the same epoch (the first serial of epoch 1 after {@link #NONE}). */
    public Position next() {
        return new Position(Math.max(1, epoch), serial + 1);
    }

    /** As an HTTP entity tag: {@code "<epoch>.<serial>"} with its quotes. */
    public String entityTag() {
        return "\"" + epoch + "." + serial + "\"";
    }

    @Override
    public int compareTo(Position other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return epoch + "." + serial;
    }
}
