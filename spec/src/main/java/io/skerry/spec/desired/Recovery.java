package io.skerry.spec.desired;

import io.avaje.jsonb.Json;
import io.skerry.spec.Required;
import java.util.Arrays;
import java.util.Optional;

/**
 * How a container that ends by itself is started again, as far as its {@link RestartPolicy} lets it (reference, disks and state,
 * §1.8).
 *
 * @param maxRetries how often in a row; 0 is without end
 * @param retryDelaySeconds before the first retry
 * @param backoffFactor by which each further delay is longer, 1 to 10
 * @param mostDelaySeconds beyond which no delay grows
 * @param stableSeconds of running after which it counts as recovered and all begins anew
 * @param exhausted what happens once the retries are used up
 * @param pauseSeconds for {@link Exhausted#PAUSE}
 */
@Json(naming = Json.Naming.LowerUnderscore)
public record Recovery(
        int maxRetries,
        int retryDelaySeconds,
        double backoffFactor,
        int mostDelaySeconds,
        int stableSeconds,
        Exhausted exhausted,
        int pauseSeconds) {
    /** What a container has that says nothing: 1, 2, 4, … 60 seconds, without end. */
    public static final Recovery DEFAULT = new Recovery(0, 1, 2, 60, 60, Exhausted.GIVE_UP, 0);

    /** Bound of all times here. */
    public static final int MOST_SECONDS = 86_400;

    /** Bound of {@code maxRetries}. */
    public static final int MOST_RETRIES = 1000;

    public Recovery {
        Required.field(exhausted, "exhausted");
    }

    /** What happens to a container whose retries are used up while no revision is on trial. */
    public enum Exhausted {
        /** The device is rebooted, which begins all anew. */
        REBOOT("reboot"),
        /** It stays ended until it is changed or the device is rebooted. */
        GIVE_UP("give-up"),
        /** After a pause all begins anew. */
        PAUSE("pause");

        private final String word;

        Exhausted(String word) {
            this.word = word;
        }

        @Json.Value
        public String word() {
            return word;
        }

        public static Optional<Exhausted> of(String word) {
            return Arrays.stream(values()).filter(e -> e.word.equals(word)).findFirst();
        }
    }
}
