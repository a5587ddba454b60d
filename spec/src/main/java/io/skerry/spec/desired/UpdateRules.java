package io.skerry.spec.desired;

import io.avaje.jsonb.Json;
import io.skerry.spec.Required;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * How one container is replaced by its next form.
 *
 * @param strategy which of the two runs when
 * @param preUpdate run in the old container before anything of the update touches it; when it fails, the update does
 * @param postUpdate run in the new container once it has reached its goal; when it fails, the update does
 * @param handOver run in the old container while the new one runs beside it and has reached its goal; for {@link
 *     Strategy#HAND_OVER}
 * @param lockSeconds how long the old container may put the update off by {@code /host/update.lock}; 0 is not at all
 */
@Json(naming = Json.Naming.LowerUnderscore)
public record UpdateRules(
        Strategy strategy,
        Optional<Hook> preUpdate,
        Optional<Hook> postUpdate,
        Optional<Hook> handOver,
        int lockSeconds) {
    public static final int DEFAULT_LOCK_SECONDS = 600;

    /** Bound of {@code lockSeconds}, which is at least 0. */
    public static final int MOST_LOCK_SECONDS = 604_800;

    public static final UpdateRules DEFAULT = new UpdateRules(
            Strategy.STOP_THEN_START, Optional.empty(), Optional.empty(), Optional.empty(), DEFAULT_LOCK_SECONDS);

    public UpdateRules {
        Required.field(strategy, "strategy");
        Required.field(preUpdate, "pre_update");
        Required.field(postUpdate, "post_update");
        Required.field(handOver, "hand_over");
    }

    /** Which of the old and the new container runs when. */
    public enum Strategy {
        /** Never both at once. */
        STOP_THEN_START("stop-then-start"),
        /** The new one must have reached its goal before the old one is stopped. */
        START_THEN_STOP("start-then-stop"),
        /** As {@link #START_THEN_STOP}, and the old one is told before it is stopped. */
        HAND_OVER("hand-over");

        private final String word;

        Strategy(String word) {
            this.word = word;
        }

        @Json.Value
        public String word() {
            return word;
        }

        /** Whether old and new run at once for a while. */
        public boolean overlaps() {
            return this != STOP_THEN_START;
        }

        public static Optional<Strategy> of(String word) {
            return Arrays.stream(values()).filter(s -> s.word.equals(word)).findFirst();
        }
    }

    /**
     * A command run in a container as its program is.
     *
     * @param timeoutSeconds after which it has failed, 1 to 3600
     */
    @Json(naming = Json.Naming.LowerUnderscore)
    public record Hook(List<String> command, int timeoutSeconds) {
        public static final int DEFAULT_TIMEOUT_SECONDS = 30;
        public static final int MOST_TIMEOUT_SECONDS = 3600;

        public Hook {
            Required.field(command, "command");
            command = List.copyOf(command);
        }
    }
}
