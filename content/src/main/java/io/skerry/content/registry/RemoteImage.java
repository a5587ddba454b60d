package io.skerry.content.registry;

import io.skerry.content.oci.ImageConfig;
import io.skerry.content.oci.Manifest;
import io.skerry.spec.Architecture;

/**
 * An image for one architecture, of which all but the layers has been fetched and verified.
 *
 * @param architecture that it runs on
 * @param resolved the image manifest as it came
 * @param manifest what it says
 * @param configBytes the configuration as it came
 * @param config what that says
 */
@SuppressWarnings("ArrayRecordComponent") // as in Resolved
public record RemoteImage(
        Architecture architecture, Resolved resolved, Manifest manifest, byte[] configBytes, ImageConfig config) {
    /** What fetching manifest, configuration and all layers transfers. */
    public long compressedBytes() {
        return resolved.bytes().length + manifest.compressedBytes();
    }
}
