package io.skerry.spec;

import org.jspecify.annotations.Nullable;

/** What a record's constructor asks of its parts: JSON that lacks a field reaches it as a null. */
public final class Required {
    private Required() {}

    /** @throws IllegalArgumentException when the field of this name is missing */
    public static void field(@Nullable Object value, String name) {
        if (value == null) {
            throw new IllegalArgumentException("'" + name + "' is missing");
        }
    }
}
