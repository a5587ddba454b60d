package io.skerry.cloud.tenancy;

import java.util.Optional;

/**
 * Who calls an operators' API.
 *
 * @param apiKeyId by which key
 * @param customerId the one customer whose things it may see; empty for a key of the whole installation
 */
public record Caller(String apiKeyId, Optional<String> customerId) {
    /** Whether it may see and change that customer's things. */
    public boolean sees(String customer) {
        return customerId.isEmpty() || customerId.get().equals(customer);
    }

    /** Whether it may see and change everything. */
    public boolean ofInstallation() {
        return customerId.isEmpty();
    }
}
