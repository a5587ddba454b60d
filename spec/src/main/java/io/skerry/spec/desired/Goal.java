package io.skerry.spec.desired;

import io.avaje.jsonb.Json;
import java.util.Arrays;
import java.util.Optional;

/** How far a container must get before the next group is started; each includes those before it. */
public enum Goal {
    /** Its root and its volumes are mounted; its program isn't started. */
    MOUNTED("MOUNTED"),
    /** Its program runs. */
    STARTED("STARTED"),
    /** Its health check has succeeded, or, when it has none, it made {@code /host/ready} since it was started. */
    READY("READY");

    private final String word;

    Goal(String word) {
        this.word = word;
    }

    @Json.Value
    public String word() {
        return word;
    }

    public static Optional<Goal> of(String word) {
        return Arrays.stream(values()).filter(g -> g.word.equals(word)).findFirst();
    }
}
