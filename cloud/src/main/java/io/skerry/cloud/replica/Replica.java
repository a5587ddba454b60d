package io.skerry.cloud.replica;

/**
 * One process among several.
 *
 * @param id made anew at each start
 * @param address where the others reach its devices' port, {@code host:port}
 */
public record Replica(String id, String address) {}
