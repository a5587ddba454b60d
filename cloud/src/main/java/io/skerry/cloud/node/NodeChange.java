package io.skerry.cloud.node;

import java.util.Map;
import java.util.Optional;

/**
 * What is to change of a node; what is empty stays.
 *
 * @param name unique within the customer
 * @param place the group that it is in
 * @param labels all that it has from now on
 * @param attributes all that it has from now on
 */
public record NodeChange(
        Optional<String> name,
        Optional<Place> place,
        Optional<Map<String, String>> labels,
        Optional<Map<String, String>> attributes) {

    /**
     * Where a node is among the groups.
     *
     * @param groupId empty: at the customer's root
     */
    public record Place(Optional<String> groupId) {}
}
