package io.skerry.device.image;

import io.skerry.spec.Digest;

/** Something of an image that takes room on the disk. */
sealed interface Part {
    /** A layer as it is fetched, by its digest. */
    record Blob(Digest digest) implements Part {}

    /** A layer as it is unpacked, by the digest of its archive. */
    record Layer(Digest diffId) implements Part {}
}
