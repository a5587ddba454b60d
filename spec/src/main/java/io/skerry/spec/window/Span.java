package io.skerry.spec.window;

import java.time.Instant;

/**
 * A stretch of time.
 *
 * @param from the first instant in it
 * @param until the first one after it
 */
record Span(Instant from, Instant until) {
    boolean contains(Instant at) {
        return !at.isBefore(from) && at.isBefore(until);
    }

    boolean isEmpty() {
        return !from.isBefore(until);
    }
}
