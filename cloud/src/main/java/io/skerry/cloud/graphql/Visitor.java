package io.skerry.cloud.graphql;

import io.skerry.cloud.tenancy.Caller;

/**
 * Whoever has shown a key.
 *
 * @param secret the key, by which the answers to repeatable calls are sealed
 */
record Visitor(Caller caller, String secret) {
    @Override
    public String toString() {
        return "Visitor[" + caller + "]";
    }
}
