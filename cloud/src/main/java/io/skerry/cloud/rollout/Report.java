package io.skerry.cloud.rollout;

/**
 * What is known of an instance now.
 *
 * @param version that its device is to run, whether it can or not
 * @param stand how its device stands with that
 * @param reachable whether the device is there
 * @param waits whether the device waits for a window to open, by its own word
 * @param closed whether it would have to, by the windows that it goes by
 */
public record Report(long version, Stand stand, boolean reachable, boolean waits, boolean closed) {}
