package io.skerry.cloud.graphql;

import io.skerry.cloud.tenancy.ApiKeys;
import io.skerry.cloud.tenancy.Caller;
import java.util.Optional;

/**
 * Whoever has shown a key.
 *
 * @param secret the key, by which the answers to repeatable calls are sealed
 */
record Visitor(Caller caller, String secret) {
    /** Whose key this is, if it is good. */
    static Optional<Visitor> of(ApiKeys keys, String secret) {
        return keys.callerOf(secret).map(caller -> new Visitor(caller, secret));
    }

    @Override
    public String toString() {
        return "Visitor[" + caller + "]";
    }
}
