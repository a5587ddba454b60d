package io.skerry.cloud.service;

import java.util.Optional;

/**
 * One version of a node service.
 *
 * @param serviceId of which service
 * @param number 1 for the first import
 * @param containerImage what it was imported from, as its importer named it
 * @param settings all but its images
 * @param createdAt milliseconds since 1970
 * @param retiredAt milliseconds since 1970, from when on nobody begins to follow it
 */
public record Version(
        String serviceId,
        int number,
        String containerImage,
        VersionSettings settings,
        long createdAt,
        Optional<Long> retiredAt) {}
