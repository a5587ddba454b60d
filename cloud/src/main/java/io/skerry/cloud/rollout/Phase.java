package io.skerry.cloud.rollout;

import io.avaje.jsonb.Json;
import io.skerry.spec.Problem;
import java.util.Map;
import java.util.Optional;

/**
 * One phase of a roll-out. Of the instances that no earlier phase has, it has those with all of the labels, so many percent or so
 * many in number of all instances at most.
 *
 * @param labels of the devices; none: any device
 * @param percent of all instances of the roll-out, 1 to 100; empty: no bound
 * @param count at most; empty: no bound
 * @param successPercent of the devices that can be reached that must run the new version well, 0 to 100
 * @param failurePercent of the devices so far beyond which the roll-out is paused, 0 to 100; 0: at the first failure
 * @param soakSeconds for how long the success must last before the next phase
 * @param updateSeconds how long a device may be at it, from when its window opened last, before it counts as failed; 0: without end
 * @param atOnce how many devices may be updating at a time; 0: all
 * @param approval whether somebody must approve before it begins
 */
@Json(naming = Json.Naming.LowerUnderscore)
public record Phase(
        Map<String, String> labels,
        Optional<Integer> percent,
        Optional<Integer> count,
        int successPercent,
        int failurePercent,
        int soakSeconds,
        int updateSeconds,
        int atOnce,
        boolean approval) {
    /** Thirty days. */
    static final int LONGEST_SOAK = 30 * 86_400;

    /** A day: what slow links need, and no more than somebody can wait for a device that is gone. */
    public static final int USUAL_UPDATE_SECONDS = 86_400;

    private static final int MOST = 1_000_000;

    /** @throws io.skerry.spec.ProblemException {@code input.out-of-range} */
    public Phase {
        labels = Map.copyOf(labels);
        percent.ifPresent(p -> within("percent", p, 1, 100));
        count.ifPresent(c -> within("count", c, 1, MOST));
        within("success_percent", successPercent, 0, 100);
        within("failure_percent", failurePercent, 0, 100);
        within("soak_seconds", soakSeconds, 0, LONGEST_SOAK);
        within("update_seconds", updateSeconds, 0, LONGEST_SOAK);
        within("at_once", atOnce, 0, MOST);
    }

    private static void within(String what, int value, int least, int most) {
        if (value < least || value > most) {
            throw new Problem(
                            "input.out-of-range",
                            what + " of a phase is " + value + ", which is out of bounds.",
                            "Give " + least + " to " + most + ".")
                    .asException();
        }
    }
}
