package io.skerry.spec.desired;

import io.avaje.jsonb.Json;
import java.util.Arrays;
import java.util.Optional;

/** What happens when a container ends by itself. */
public enum RestartPolicy {
    ALWAYS("always"),
    ON_FAILURE("on-failure"),
    NO("no");

    private final String word;

    RestartPolicy(String word) {
        this.word = word;
    }

    @Json.Value
    public String word() {
        return word;
    }

    public static Optional<RestartPolicy> of(String word) {
        return Arrays.stream(values()).filter(p -> p.word.equals(word)).findFirst();
    }
}
