package io.skerry.cloud.rollout;

import java.util.Optional;

/**
 * An instance that a roll-out concerns.
 *
 * @param phase with which it gets the new version, from 0
 * @param before what its device was told to run; empty: nothing
 * @param admitted whether its device is told the new version
 * @param stand what its device last said of that
 */
public record Member(
        String instanceId, String nodeId, int phase, Optional<Long> before, boolean admitted, Stand stand) {
    Member with(Stand other) {
        return new Member(instanceId, nodeId, phase, before, admitted, other);
    }

    Member admit() {
        return new Member(instanceId, nodeId, phase, before, true, stand);
    }
}
