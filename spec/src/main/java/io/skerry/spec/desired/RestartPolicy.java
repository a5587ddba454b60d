package io.skerry.spec.desired;

import io.avaje.jsonb.Json;
import java.util.Arrays;
import java.util.Optional;

/** What happens when a container ends by itself. */
public enum RestartPolicy {
    /** It is started again however it ended; one that halted itself only by a reboot of the device. */
    ALWAYS("always"),
    /** It is started again when it ended with anything but 0. */
    ON_FAILURE("on-failure"),
    /** As {@link #ALWAYS}, but one that halted itself stays ended over a reboot of the device. */
    UNLESS_STOPPED("unless-stopped"),
    /** It is never started again while the device runs; a reboot of the device starts it. */
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
