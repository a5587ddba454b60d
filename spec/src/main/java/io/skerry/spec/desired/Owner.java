package io.skerry.spec.desired;

import io.avaje.jsonb.Json;

/** By which door a part of the workload came; each has its own history. */
public enum Owner {
    CLOUD("cloud"),
    PUSH("push"),
    REPOSITORY("repository");

    private final String word;

    Owner(String word) {
        this.word = word;
    }

    @Json.Value
    public String word() {
        return word;
    }
}
