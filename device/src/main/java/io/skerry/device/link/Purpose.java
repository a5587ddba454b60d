package io.skerry.device.link;

import java.util.Locale;

/** What bytes on the link are for; the status counts them apart. */
public enum Purpose {
    CONTENT,
    STATE,
    STATUS,
    REMOTE;

    String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
