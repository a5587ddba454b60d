package io.skerry.content.oci;

import io.skerry.spec.ProblemException;

/** Reads image configurations. */
public final class ImageConfigs {
    /** How large a configuration may be. */
    public static final int MOST_BYTES = 4 * 1024 * 1024;

    private ImageConfigs() {}

    /**
     * Reads an OCI or Docker image configuration.
     *
     * @throws ProblemException {@code image.config-malformed}
     */
    public static ImageConfig parse(byte[] bytes) {
        return java.util.Optional.<ImageConfig>empty().orElseThrow(UnsupportedOperationException::new);
    }
}
