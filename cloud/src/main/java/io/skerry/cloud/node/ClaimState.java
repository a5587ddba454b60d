package io.skerry.cloud.node;

import java.util.Locale;

/** Whether a claim token lets devices in, and why not. */
public enum ClaimState {
    /** Devices enrol with it. */
    GOOD,
    /** As many devices as it was for have enrolled. */
    USED,
    /** Its time is over. */
    EXPIRED,
    /** Somebody ended it. */
    REVOKED;

    /** As the fleet API writes it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
