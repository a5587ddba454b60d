package io.skerry.cloud.webhook;

import io.skerry.spec.Problem;
import java.net.URI;
import java.util.List;
import java.util.Optional;

/**
 * A receiver that is told of events.
 *
 * @param name unique within the customer
 * @param url may have a secret in it: {@link #origin} is for whoever may not see it
 * @param types which it wants
 * @param groupId only events about devices in this group or one within it; empty: all
 * @param enabled whether it is told
 * @param disabledReason why it isn't, unless somebody disabled it
 * @param previousUntil until when messages are signed with the secret before as well, milliseconds since 1970
 * @param createdAt milliseconds since 1970
 * @param standing how its deliveries go
 */
public record Webhook(
        String webhookId,
        String customerId,
        String name,
        URI url,
        WantedTypes types,
        Optional<String> groupId,
        boolean enabled,
        Optional<Problem> disabledReason,
        Optional<Long> previousUntil,
        long createdAt,
        Standing standing) {

    /**
     * How a webhook's deliveries go.
     *
     * @param failures how many attempts failed since one was taken
     * @param failingSince when the first of these was
     * @param lastSuccessAt when one was taken last
     */
    public record Standing(int failures, Optional<Long> failingSince, Optional<Long> lastSuccessAt) {}

    /** The words of the types that it wants; none: all. */
    public List<String> typeWords() {
        return types.words();
    }

    /** The beginning of its address, which is no secret. */
    public String origin() {
        return ReceiverAddress.origin(url);
    }

    @Override
    public String toString() {
        return "Webhook[" + webhookId + " " + name + "]";
    }
}
