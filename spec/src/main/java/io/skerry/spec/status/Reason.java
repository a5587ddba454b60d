package io.skerry.spec.status;

import io.avaje.jsonb.Json;
import io.skerry.spec.Problem;
import io.skerry.spec.Required;
import java.util.List;

/**
 * Why an attempt failed, as exactly as the device knows.
 *
 * @param container which one; empty when it isn't about one
 * @param problem what, for example {@code container.exited} or {@code image.corrupt}
 * @param logTail the last lines that the container wrote, oldest first, at most 20 of at most 400 characters
 */
@Json(naming = Json.Naming.LowerUnderscore)
public record Reason(String container, Problem problem, List<String> logTail) {
    public Reason {
        Required.field(container, "container");
        Required.field(problem, "problem");
        Required.field(logTail, "log_tail");
        logTail = List.copyOf(logTail);
    }

    public static Reason of(Problem problem) {
        return new Reason("", problem, List.of());
    }
}
