package io.skerry.spec.desired;

import io.avaje.jsonb.Json;

/**
 * What a container may use.
 *
 * @param memoryBytes memory, without swap on top; at least 6 MiB
 * @param cpuMillis thousandths of one processor; 0 is no limit
 * @param pids processes and threads; at least 4
 */
@Json(naming = Json.Naming.LowerUnderscore)
public record Limits(long memoryBytes, int cpuMillis, int pids) {
    public static final Limits DEFAULT = new Limits(128L << 20, 0, 256);
}
