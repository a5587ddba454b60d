package io.skerry.cloud.rollout;

import java.util.Optional;

/**
 * An instance that a roll-out concerns.
 *
 * @param phase with which it gets the new version, from 0
 * @param before what its device was told to run; empty: nothing
 * @param admitted whether its device is told the new version
 * @param stand what its device last said of that; failed, too, when it was at it for too long
 * @param since since when its device is expected to be at it, in milliseconds since 1970; empty: it isn't told yet, waits for a window or is
 *     done
 */
public record Member(
        String instanceId,
        String nodeId,
        int phase,
        Optional<Long> before,
        boolean admitted,
        Stand stand,
        Optional<Long> since) {
    Member with(Stand other) {
        return new Member(instanceId, nodeId, phase, before, admitted, other, since);
    }

    Member since(Optional<Long> when) {
        return new Member(instanceId, nodeId, phase, before, admitted, stand, when);
    }

    Member in(int other) {
        return new Member(instanceId, nodeId, other, before, admitted, stand, since);
    }

    Member admit() {
        return new Member(instanceId, nodeId, phase, before, true, stand, since);
    }
}
