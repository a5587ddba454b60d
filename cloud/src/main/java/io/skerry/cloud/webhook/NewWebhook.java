package io.skerry.cloud.webhook;

import java.util.List;
import java.util.Optional;

/**
 * A webhook as it is asked for.
 *
 * @param types empty: all
 * @param groupId empty: all devices
 */
public record NewWebhook(String customerId, String name, String url, List<String> types, Optional<String> groupId) {
    @Override
    public String toString() {
        return "NewWebhook[" + name + "]";
    }
}
