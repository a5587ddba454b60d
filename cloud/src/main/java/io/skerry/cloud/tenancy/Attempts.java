package io.skerry.cloud.tenancy;

import io.skerry.spec.Problem;
import org.jdbi.v3.core.Handle;

/** Notes that a try at an idempotent call has changed something, within the work that changes it. */
final class Attempts {
    private Attempts() {}

    /**
     * From here on the call isn't done again, whatever becomes of this process.
     *
     * @throws io.skerry.spec.ProblemException {@code idempotency.taken-over} when the call is no longer this try's; then the
     *     change must not be kept, for another one makes it
     */
    static void changed(Handle h, String attemptId) {
        if (h.execute("UPDATE idempotent_calls SET changed = 1 WHERE attempt_id = ?", attemptId) == 0) {
            throw new Problem(
                            "idempotency.taken-over",
                            "The call was given up for dead and was begun again.",
                            "Send it again with the same idempotency key to read its answer.")
                    .asException();
        }
    }
}
