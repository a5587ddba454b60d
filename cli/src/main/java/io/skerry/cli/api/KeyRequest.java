package io.skerry.cli.api;

import java.util.Optional;

/**
 * What a new API key is to be good for.
 *
 * @param customerId empty: the whole installation
 * @param role as the cloud names it; empty: the least
 * @param nodeId empty: all devices
 * @param validMinutes empty: until it is revoked
 */
public record KeyRequest(
        Optional<String> customerId,
        String name,
        Optional<String> role,
        Optional<String> nodeId,
        Optional<Long> validMinutes) {}
