package io.skerry.cloud.login;

import java.util.Arrays;
import java.util.Locale;

/** By what a login rule knows people. */
public enum LoginClaim {
    /** A verified e-mail address, whatever the case of its letters. */
    EMAIL,
    /** The provider's own name for one person. */
    SUB,
    /** A group that the provider says one is in. */
    GROUP;

    /** As the fleet API and the database write it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The one that such a word means. */
    public static LoginClaim of(String word) {
        return Arrays.stream(values())
                .filter(c -> c.word().equals(word))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no claim of login rules: " + word));
    }
}
