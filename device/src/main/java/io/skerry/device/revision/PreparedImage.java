package io.skerry.device.revision;

import io.skerry.content.oci.ImageConfig;
import io.skerry.spec.Digest;
import java.nio.file.Path;
import java.util.List;

/**
 * An image that is wholly on this device, verified.
 *
 * @param manifest by which it is known
 * @param config what the image says of how to run it
 * @param layersRoot the folder in which the layers' folders stand
 * @param layers the names of the unpacked layers' folders within it, lowest first; short, so that an overlay of many fits
 *     into one mount option
 */
public record PreparedImage(Digest manifest, ImageConfig config, Path layersRoot, List<String> layers) {
    public PreparedImage {
        layers = List.copyOf(layers);
    }
}
