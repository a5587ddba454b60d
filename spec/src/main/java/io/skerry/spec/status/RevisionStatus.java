package io.skerry.spec.status;

import io.avaje.jsonb.Json;
import io.skerry.spec.Required;
import java.util.List;
import java.util.Optional;

/**
 * Where a device's workload stands.
 *
 * @param current the number of the committed revision; 0 before the first
 * @param trying the number of the one that is being carried out or is on trial
 * @param phase what is being done about it
 * @param outcome how the last attempt ended
 * @param heldBack what is wanted in a form that failed here
 * @param step what is being done at this moment, in words; empty when nothing is
 * @param waits what waits for a window; empty when nothing does
 * @param givenUp what was given up by putting volumes back, in this attempt and those before; empty when nothing was, and of
 *     an older daemon
 */
@Json(naming = Json.Naming.LowerUnderscore)
public record RevisionStatus(
        int current,
        Optional<Integer> trying,
        Phase phase,
        Optional<Outcome> outcome,
        List<HeldBack> heldBack,
        Optional<String> step,
        Optional<WindowWaits> waits,
        Optional<GivenUp> givenUp) {
    public RevisionStatus {
        Required.field(trying, "trying");
        Required.field(phase, "phase");
        Required.field(outcome, "outcome");
        Required.field(heldBack, "held_back");
        Required.field(step, "step");
        Required.field(waits, "waits");
        Required.field(givenUp, "given_up");
        heldBack = List.copyOf(heldBack);
    }

    /** All that is told to be given up, once each: also what the outcome alone tells, as that of an older daemon. */
    public List<GivenUp.Interval> allGivenUp() {
        GivenUp told = givenUp.orElse(GivenUp.NOTHING);
        return outcome.map(told::and).orElse(told.intervals());
    }

    /** What a device is doing about its workload. */
    public enum Phase {
        IDLE("idle"),
        FETCHING("fetching"),
        /** What is wanted may not be fetched, or not be switched to, before a window opens. */
        AWAITING_WINDOW("awaiting-window"),
        /** A container puts the update off. */
        PUT_OFF("put-off"),
        SWITCHING("switching"),
        ON_TRIAL("on-trial"),
        ROLLING_BACK("rolling-back"),
        /** The device is about to be rebooted. */
        REBOOTING("rebooting");

        private final String word;

        Phase(String word) {
            this.word = word;
        }

        @Json.Value
        public String word() {
            return word;
        }
    }
}
