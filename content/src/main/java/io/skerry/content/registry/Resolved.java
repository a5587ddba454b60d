package io.skerry.content.registry;

import io.skerry.content.oci.Index;
import io.skerry.content.oci.Manifest;
import io.skerry.content.oci.MediaTypes;
import io.skerry.spec.Digest;

/**
 * A manifest or index as it came from a registry, verified.
 *
 * @param digest of the bytes
 * @param mediaType a manifest's or an index's
 */
@SuppressWarnings("ArrayRecordComponent") // the bytes are what was signed for; nobody compares or changes them
public record Resolved(Digest digest, String mediaType, byte[] bytes) {
    public boolean isIndex() {
        return MediaTypes.isIndex(mediaType);
    }

    /** @throws io.skerry.spec.ProblemException as {@link Manifest#parse} */
    public Manifest manifest() {
        return Manifest.parse(bytes, mediaType);
    }

    /** @throws io.skerry.spec.ProblemException as {@link Index#parse} */
    public Index index() {
        return Index.parse(bytes, mediaType);
    }
}
