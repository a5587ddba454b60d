package io.skerry.cloud.rollout;

import io.avaje.jsonb.Json;
import io.avaje.jsonb.JsonType;
import io.skerry.spec.Problem;
import io.skerry.spec.Wire;
import java.util.List;

/**
 * How a service's new versions go out.
 *
 * @param phases in their order; the last one also has whoever is in none
 * @param manual whether a new version waits for somebody to start it
 */
@Json
public record RolloutPolicy(List<Phase> phases, boolean manual) {
    static final JsonType<RolloutPolicy> JSON = Wire.lenient(RolloutPolicy.class);

    /** What a service's roll-outs can have. */
    public static final int MOST_PHASES = 32;

    /** @throws io.skerry.spec.ProblemException {@code rollout.phases} */
    public RolloutPolicy {
        phases = List.copyOf(phases);
        if (phases.isEmpty() || phases.size() > MOST_PHASES) {
            throw new Problem(
                            "rollout.phases",
                            "A roll-out can't have " + phases.size() + " phases.",
                            "Give 1 to " + MOST_PHASES + ".")
                    .asException();
        }
    }
}
