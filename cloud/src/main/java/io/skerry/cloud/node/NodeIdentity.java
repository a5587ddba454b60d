package io.skerry.cloud.node;

/**
 * Which device a key belongs to.
 *
 * @param nodeId its id
 * @param customerId whose it is
 */
public record NodeIdentity(String nodeId, String customerId) {}
