package io.skerry.cloud.node;

import io.skerry.spec.status.Capabilities;
import io.skerry.spec.status.DeviceStatus;
import java.util.Optional;

/**
 * A device as the cloud knows it.
 *
 * @param nodeId a UUID
 * @param customerId whose it is
 * @param name unique within the customer
 * @param keyFingerprint the SHA-256 of its key's SubjectPublicKeyInfo, 64 hex digits
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
        Capabilities capabilities,
        Optional<DeviceStatus> status,
        Optional<Long> statusAt,
        Optional<Long> lastSeenAt,
        long createdAt) {}
