package io.skerry.cloud.service;

/**
 * A node service.
 *
 * @param serviceId a UUID
 * @param customerId whose it is
 * @param name unique within the customer
 * @param latestVersion the number of its newest version that isn't retired
 * @param lastVersion the highest number that a version of it ever had
 * @param containerImage what the newest version was imported from
 * @param network its networks
 * @param createdAt milliseconds since 1970
 */
public record Service(
        String serviceId,
        String customerId,
        String name,
        int latestVersion,
        int lastVersion,
        String containerImage,
        NetworkSettings network,
        long createdAt) {}
