package io.skerry.cloud.node;

import java.util.Optional;

/**
 * A claim token without its secret.
 *
 * @param claimTokenId the beginning of its secret's SHA-256, 16 hex digits; no other one that is kept has the same
 * @param customerId whose the devices become
 * @param nodeName how they are called; empty: as they call themselves
 * @param groupId the group in which they begin; empty: at the customer's root
 * @param usesLeft how many devices may still enrol with it
 * @param createdAt milliseconds since 1970
 * @param expiresAt milliseconds since 1970, from when on it is good for nothing
 * @param revokedAt milliseconds since 1970; empty: nobody ended it
 */
public record ClaimRecord(
        String claimTokenId,
        String customerId,
        Optional<String> nodeName,
        Optional<String> groupId,
        int usesLeft,
        long createdAt,
        long expiresAt,
        Optional<Long> revokedAt) {
    /** @param now milliseconds since 1970 */
    ClaimState state(long now) {
        if (revokedAt.isPresent()) {
            return ClaimState.REVOKED;
        }
        if (usesLeft < 1) {
            return ClaimState.USED;
        }
        return expiresAt <= now ? ClaimState.EXPIRED : ClaimState.GOOD;
    }
}
