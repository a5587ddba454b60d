package io.skerry.spec.desired;

import io.avaje.jsonb.Json;
import io.skerry.spec.Required;

/**
 * Containers that are brought to their goals together; the groups of a workload come one after the other (reference, disks
 * and state, §1.7).
 *
 * @param name by which containers name it
 * @param goal how far its containers must get, unless one says otherwise
 * @param timeoutSeconds within which they must; in an update a failure, else the next group goes on without them
 * @param restart what an update of one of its containers costs, unless one says otherwise
 */
@Json(naming = Json.Naming.LowerUnderscore)
public record Group(String name, Goal goal, int timeoutSeconds, RestartScope restart) {
    public static final int DEFAULT_TIMEOUT_SECONDS = 30;

    /** Bound of {@code timeoutSeconds}, which is at least 1. */
    public static final int MOST_TIMEOUT_SECONDS = 86_400;

    public Group {
        Required.field(name, "name");
        Required.field(goal, "goal");
        Required.field(restart, "restart");
    }
}
