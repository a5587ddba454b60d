package io.skerry.cli.api;

import java.util.Map;
import java.util.Optional;

/**
 * What is to change of a device; what is empty stays.
 *
 * @param group the group's id, or an empty text for the customer's root
 * @param labels all of them from now on
 * @param attributes all of them from now on
 */
public record NodeUpdate(
        Optional<String> name,
        Optional<String> group,
        Optional<Map<String, String>> labels,
        Optional<Map<String, String>> attributes) {
    /** Whether nothing is to change. */
    public boolean isEmpty() {
        return name.isEmpty() && group.isEmpty() && labels.isEmpty() && attributes.isEmpty();
    }
}
