package io.skerry.cloud.service;

import io.skerry.content.oci.Descriptor;
import java.util.List;

/**
 * An image that stands in the content store whole, every digest of it checked.
 *
 * @param image as it is recorded with a version
 * @param blobs all that its manifest reaches, itself first
 */
record PulledImage(VersionImage image, List<Descriptor> blobs) {
    PulledImage {
        blobs = List.copyOf(blobs);
    }
}
