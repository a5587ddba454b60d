package io.skerry.cloud.service;

/**
 * What an import made.
 *
 * @param serviceId of which service
 * @param version its number
 */
public record ImportedVersion(String serviceId, int version) {}
