package io.skerry.cloud.rollout;

/**
 * What is known of an instance now.
 *
 * @param version that its device is told to run
 * @param stand how its device stands with that
 * @param reachable whether the device is there
 */
public record Report(long version, Stand stand, boolean reachable) {}
