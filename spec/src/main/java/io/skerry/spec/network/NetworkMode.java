package io.skerry.spec.network;

import io.avaje.jsonb.Json;
import java.util.Arrays;
import java.util.Optional;

/** How one side of a container's networks is configured (seed 002, "Network configurations"). */
public enum NetworkMode {
    /** Not at all. */
    DISABLED("disabled"),
    /** With a static address. */
    ALLOCATED("allocated"),
    /** As a DHCP client on the WAN side, as a DHCP server on the LAN side. */
    DHCP("dhcp");

    private final String word;

    NetworkMode(String word) {
        this.word = word;
    }

    @Json.Value
    public String word() {
        return word;
    }

    public static Optional<NetworkMode> of(String word) {
        return Arrays.stream(values()).filter(m -> m.word.equals(word)).findFirst();
    }
}
