package io.skerry.spec.desired;

import io.avaje.jsonb.Json;
import io.skerry.spec.Digest;
import io.skerry.spec.Required;

/**
 * A file that a container finds in it and can't change. What it says travels apart, in {@link Contents}, so that no copy of a
 * workload shows a secret.
 *
 * @param path where, absolute
 * @param mode its permissions, at most 0777; it belongs to the container's user
 * @param digest of its content
 * @param size its content's, bytes
 */
@Json
public record ConfigFile(String path, int mode, Digest digest, int size) {
    /** Bound of {@code size}. */
    public static final int LARGEST = 64 << 10;

    /** Bound of {@code mode}. */
    public static final int MOST_MODE = 0777;

    public ConfigFile {
        Required.field(path, "path");
        Required.field(digest, "digest");
    }
}
