package io.skerry.cli.api;

import io.avaje.jsonb.Json;
import java.util.List;
import java.util.Optional;

/**
 * An instance that a roll-out in phases concerns.
 *
 * @param phase with which it gets the version, from 1
 * @param beforeVersion what its device was told to run before; empty: nothing
 */
@Json(naming = Json.Naming.LowerUnderscore)
public record RolloutMember(
        int phase, String state, boolean admitted, Optional<Integer> beforeVersion, Instance instance) {

    /** Those that were asked for, as a roll-out has them. */
    @Json(naming = Json.Naming.LowerUnderscore)
    record All(List<RolloutMember> members) {}
}
