package io.skerry.cloud.injection;

import io.skerry.cloud.tenancy.Role;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A key that an instance finds in a file, without its secret.
 *
 * @param injectedKeyId by which it is named, whichever API key it is at the moment
 * @param customerId whose it is
 * @param instanceId which instance's
 * @param path where the container finds it
 * @param mode the file's permissions
 * @param role what it may do
 * @param nodeId the one device that it is good for; empty: all that the customer has
 * @param rotation how often another takes its place
 * @param createdAt milliseconds since 1970
 * @param rotatedAt milliseconds since 1970, when the one in the file was made
 */
public record InjectedKey(
        String injectedKeyId,
        String customerId,
        String instanceId,
        String path,
        int mode,
        Role role,
        Optional<String> nodeId,
        Rotation rotation,
        long createdAt,
        long rotatedAt) {

    /**
     * How a key is rotated.
     *
     * @param every how often by itself, an hour to ten years; empty: when somebody asks for it
     * @param overlap the longest that an earlier one stays good whose device hasn't taken up the new one, at most a year
     */
    public record Rotation(Optional<Duration> every, Duration overlap) {}

    /**
     * One of its API keys that is good.
     *
     * @param apiKeyId that key's id
     * @param digest the file's
     * @param madeAt milliseconds since 1970
     * @param goodUntil milliseconds since 1970, when an earlier one is revoked at the latest; empty: it is the one in the file
     */
    public record Turn(String apiKeyId, String digest, long madeAt, Optional<Long> goodUntil) {}

    /** A key with those of its API keys that are good, the newest first. */
    public record View(InjectedKey key, List<Turn> turns) {
        public View {
            turns = List.copyOf(turns);
        }

        /** The one in the file. */
        public Turn current() {
            return turns.getFirst();
        }

        /** Earlier ones whose device hasn't taken up the one in the file yet. */
        public List<Turn> earlier() {
            return turns.subList(1, turns.size());
        }
    }
}
