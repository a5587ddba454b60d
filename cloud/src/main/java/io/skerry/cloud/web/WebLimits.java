package io.skerry.cloud.web;

/**
 * What the ports let in.
 *
 * @param connections open at once, on each port
 * @param acceptsPerSecond new connections, on each port; more wait in the kernel's queue
 * @param requests worked on at once, on each port; waiting polls not counted
 * @param idleSeconds after which a connection on which nothing happens is closed
 */
public record WebLimits(int connections, int acceptsPerSecond, int requests, int idleSeconds) {
    public static final WebLimits DEFAULT = new WebLimits(120_000, 400, 2_000, 330);
}
