package io.skerry.cloud.webhook;

import java.util.List;
import java.util.Optional;

/**
 * What is to be other of a webhook; what is empty stays.
 *
 * @param types an empty list: all
 * @param group which group's devices from now on
 */
public record WebhookChange(
        Optional<String> name,
        Optional<String> url,
        Optional<List<String>> types,
        Optional<OfGroup> group,
        Optional<Boolean> enabled) {
    /** @param groupId empty: all devices */
    public record OfGroup(Optional<String> groupId) {}

    @Override
    public String toString() {
        return "WebhookChange[" + name + "]";
    }
}
