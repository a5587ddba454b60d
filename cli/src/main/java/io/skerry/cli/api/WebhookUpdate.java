package io.skerry.cli.api;

import java.util.List;
import java.util.Optional;

/**
 * What is to be other of a webhook; what is empty stays.
 *
 * @param eventTypes an empty list: all
 * @param groupId an empty text: all devices
 */
public record WebhookUpdate(
        Optional<String> name,
        Optional<String> url,
        Optional<List<String>> eventTypes,
        Optional<String> groupId,
        Optional<Boolean> enabled) {
    /** Whether nothing is. */
    public boolean isEmpty() {
        return name.isEmpty() && url.isEmpty() && eventTypes.isEmpty() && groupId.isEmpty() && enabled.isEmpty();
    }
}
