package io.skerry.spec.window;

import io.avaje.jsonb.Json;
import io.skerry.spec.Problem;
import java.time.Instant;
import java.util.Optional;

/**
 * A window that opens once.
 *
 * @param from when it opens, milliseconds since 1970
 * @param until when it closes, milliseconds since 1970
 */
@Json
public record ScheduledWindow(long from, long until) {
    /** @throws io.skerry.spec.ProblemException {@code window.never-opens} */
    public ScheduledWindow {
        if (until <= from) {
            throw new Problem(
                            "window.never-opens",
                            "The window from " + Instant.ofEpochMilli(from) + " until " + Instant.ofEpochMilli(until)
                                    + " closes before it opens.",
                            "Give it an end after its beginning.")
                    .asException();
        }
    }

    /** The earliest instant, not before this one, at which it is open. */
    Optional<Instant> opens(Instant at) {
        Instant first = Instant.ofEpochMilli(from);
        if (!at.isBefore(Instant.ofEpochMilli(until))) {
            return Optional.empty();
        }
        return Optional.of(first.isAfter(at) ? first : at);
    }
}
