package io.skerry.cloud.tenancy;

/**
 * Whoever owns devices and services.
 *
 * @param customerId a UUID
 * @param name unique within the installation
 * @param createdAt milliseconds since 1970
 */
public record Customer(String customerId, String name, long createdAt) {}
