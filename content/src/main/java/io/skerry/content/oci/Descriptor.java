package io.skerry.content.oci;

import io.skerry.spec.Digest;
import java.util.Optional;

/**
 * Names a piece of content (OCI image specification, "Content Descriptors").
 *
 * @param mediaType what it is
 * @param digest of its bytes
 * @param size how many bytes it has
 * @param platform for what the image is made, in an index
 */
public record Descriptor(String mediaType, Digest digest, long size, Optional<Platform> platform) {
    public Descriptor {
        if (size < 0) {
            throw new IllegalArgumentException("a size can't be negative");
        }
    }

    public Descriptor(String mediaType, Digest digest, long size) {
        this(mediaType, digest, size, Optional.empty());
    }

    public Descriptor on(Platform platform) {
        return new Descriptor(mediaType, digest, size, Optional.of(platform));
    }
}
