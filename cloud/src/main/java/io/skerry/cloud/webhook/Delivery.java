package io.skerry.cloud.webhook;

import io.skerry.spec.Problem;
import io.skerry.spec.Text;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * One event's way to one webhook.
 *
 * @param eventType its word
 * @param tries how many failed since it was begun with, or begun with anew
 * @param nextAt when it is tried next, unless it is over, milliseconds since 1970
 * @param attempts all that were made, the first one first
 */
public record Delivery(
        String deliveryId,
        String webhookId,
        String eventId,
        String eventType,
        State state,
        int tries,
        long createdAt,
        Optional<Long> nextAt,
        Optional<Long> endedAt,
        List<Attempt> attempts) {
    public Delivery {
        attempts = List.copyOf(attempts);
    }

    /**
     * The state of this word.
     *
     * @throws io.skerry.spec.ProblemException {@code webhook.state-unknown}
     */
    public static State state(String word) {
        return Arrays.stream(State.values())
                .filter(s -> s.word().equals(word))
                .findFirst()
                .orElseThrow(() -> new Problem(
                                "webhook.state-unknown",
                                "No delivery is in the state '" + Text.shortened(word, 40) + "'.",
                                "Use waiting, aside, delivered or given-up.")
                        .asException());
    }

    /** Where a delivery stands. */
    public enum State {
        /** It is sent once those before it are taken. */
        WAITING("waiting"),
        /** It failed so often that later ones went past it; it is tried by its own time. */
        ASIDE("aside"),
        /** The receiver took it. */
        DELIVERED("delivered"),
        /** The receiver didn't take it for so long that it isn't tried any more. */
        GIVEN_UP("given-up");

        private final String word;

        State(String word) {
            this.word = word;
        }

        public String word() {
            return word;
        }
    }
}
