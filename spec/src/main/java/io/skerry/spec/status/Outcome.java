package io.skerry.spec.status;

import io.avaje.jsonb.Json;
import io.skerry.spec.Digest;
import io.skerry.spec.Required;
import java.util.Optional;

/**
 * How an attempt at a revision ended.
 *
 * @param revision its number
 * @param workload the digest of what was asked, by which a failed one is known
 * @param result how it ended
 * @param reason why, unless it was committed
 * @param volumes what was done about the content of volumes that are kept as they were before the update
 */
@Json
public record Outcome(
        int revision, Digest workload, Result result, Optional<Reason> reason, Optional<VolumeReports> volumes) {
    public Outcome {
        Required.field(volumes, "volumes");
        Required.field(workload, "workload");
        Required.field(result, "result");
        Required.field(reason, "reason");
    }

    /** How an attempt can end. */
    public enum Result {
        /** The new revision is what the device runs from now on. */
        COMMITTED("committed"),
        /** It was switched to, wasn't healthy, and the one before runs again. */
        ROLLED_BACK("rolled-back"),
        /** Nothing was switched: it couldn't be fetched, verified or prepared. */
        REFUSED("refused"),
        /** A newer one came before this one was done. */
        SUPERSEDED("superseded");

        private final String word;

        Result(String word) {
            this.word = word;
        }

        @Json.Value
        public String word() {
            return word;
        }
    }
}
