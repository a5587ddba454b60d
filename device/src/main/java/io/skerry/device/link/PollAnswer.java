package io.skerry.device.link;

import io.skerry.spec.Problem;
import java.time.Duration;
import java.util.Optional;

/** What the cloud answered to a poll. */
sealed interface PollAnswer {
    /** Nothing new. */
    record Unchanged(Optional<Duration> nextWait) implements PollAnswer {}

    /**
     * A desired state, not verified yet.
     *
     * @param entityTag as the cloud named it; empty if it didn't
     */
    @SuppressWarnings("ArrayRecordComponent") // handed on at once, never compared
    record Document(byte[] body, String entityTag, Optional<Duration> nextWait) implements PollAnswer {}

    /** Come back later. */
    record Busy(Problem problem, Duration after) implements PollAnswer {}

    /** The cloud doesn't take this device for one of its own. */
    record Denied(Problem problem) implements PollAnswer {}

    /** It makes no sense. */
    record Strange(Problem problem) implements PollAnswer {}
}
