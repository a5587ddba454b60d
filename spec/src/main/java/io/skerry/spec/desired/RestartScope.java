package io.skerry.spec.desired;

import io.avaje.jsonb.Json;
import java.util.Arrays;
import java.util.Optional;

/** What is restarted when a container changes. */
public enum RestartScope {
    /** The whole device. */
    SYSTEM("system"),
    /** This container alone. */
    CONTAINER("container");

    private final String word;

    RestartScope(String word) {
        this.word = word;
    }

    @Json.Value
    public String word() {
        return word;
    }

    public static Optional<RestartScope> of(String word) {
        return Arrays.stream(values()).filter(s -> s.word.equals(word)).findFirst();
    }
}
