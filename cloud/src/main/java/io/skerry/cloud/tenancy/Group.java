package io.skerry.cloud.tenancy;

import java.util.Optional;

/**
 * A group of devices, nested as folders are.
 *
 * @param groupId a UUID
 * @param customerId whose it is
 * @param parentId the group that it is in; empty at the customer's root
 * @param name unique within its parent
 * @param path the ids from the root to the group itself, each after a slash
 * @param createdAt milliseconds since 1970
 */
public record Group(
        String groupId, String customerId, Optional<String> parentId, String name, String path, long createdAt) {
    /** How many groups stand above it. */
    int depth() {
        return path.split("/").length - 2;
    }

    /** Whether this one is within the other, or is it. */
    boolean within(Group other) {
        return (path + "/").startsWith(other.path + "/");
    }
}
