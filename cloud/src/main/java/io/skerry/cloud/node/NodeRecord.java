package io.skerry.cloud.node;

import io.skerry.spec.status.Capabilities;
import io.skerry.spec.status.DeviceStatus;
import java.util.Map;
import java.util.Optional;

/**
 * A device as the cloud knows it.
 *
 * @param nodeId a UUID
 * @param customerId whose it is
 * @param name unique within the customer
 * @param keyFingerprint the SHA-256 of its key's SubjectPublicKeyInfo, 64 hex digits
 * @param groupId the group that it is in; empty at the customer's root
 * @param labels short words that select it, by name
 * @param attributes what people keep of it, by name
 * @param capabilities what it said that it can do
 * @param status the newest that it said of itself
 * @param statusAt when that came, milliseconds since 1970
 * @param lastSeenAt when it was heard of last, milliseconds since 1970
 * @param createdAt when it enrolled, milliseconds since 1970
 */
public record NodeRecord(
        String nodeId,
        String customerId,
        String name,
        String keyFingerprint,
        Optional<String> groupId,
        Map<String, String> labels,
        Map<String, String> attributes,
        Capabilities capabilities,
        Optional<DeviceStatus> status,
        Optional<Long> statusAt,
        Optional<Long> lastSeenAt,
        long createdAt) {
    NodeRecord withLabels(Map<String, String> all) {
        return new NodeRecord(
                nodeId,
                customerId,
                name,
                keyFingerprint,
                groupId,
                all,
                attributes,
                capabilities,
                status,
                statusAt,
                lastSeenAt,
                createdAt);
    }
}
