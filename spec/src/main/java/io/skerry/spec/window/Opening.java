package io.skerry.spec.window;

import io.avaje.jsonb.Json;

/** What a window is for. */
public enum Opening {
    FETCH("fetch"),
    SWITCH("switch");

    private final String word;

    Opening(String word) {
        this.word = word;
    }

    @Json.Value
    public String word() {
        return word;
    }
}
