package io.skerry.cloud.service;

/**
 * A node service.
 *
 * @param serviceId a UUID
 * @param customerId whose it is
 * @param name unique within the customer
 * @param latestVersion its newest version's number
 * @param containerImage what the newest version was imported from
 * @param createdAt milliseconds since 1970
 */
public record Service(
        String serviceId, String customerId, String name, int latestVersion, String containerImage, long createdAt) {}
