package io.skerry.device.revision;

import io.avaje.jsonb.Json;

/** Which way a transition goes. */
enum Way {
    /** To a revision that isn't committed yet; it ends at the first step that fails. */
    FORWARD("forward"),
    /** To the committed revision after an update that failed; it goes on past what fails. */
    BACK("back"),
    /** To the committed revision after a boot, or when something of it is gone; it goes on past what fails. */
    KEEP("keep");

    private final String word;

    Way(String word) {
        this.word = word;
    }

    @Json.Value
    public String word() {
        return word;
    }
}
