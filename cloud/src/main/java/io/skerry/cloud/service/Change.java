package io.skerry.cloud.service;

import java.util.Optional;

/**
 * What an import says about a setting that may be absent.
 *
 * @param said whether it says anything; if not, the setting is inherited
 * @param value the new one; empty takes an inherited one away
 */
record Change<T>(boolean said, Optional<T> value) {
    static <T> Change<T> none() {
        return new Change<>(false, Optional.empty());
    }

    /** What a field says: an explicit null takes away. */
    static <T> Change<T> of(Input input, String field, Optional<T> value) {
        return new Change<>(input.mentions(field), value);
    }

    Optional<T> over(Optional<T> before) {
        return said ? value : before;
    }
}
