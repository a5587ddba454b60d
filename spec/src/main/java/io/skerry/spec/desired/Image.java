package io.skerry.spec.desired;

import io.avaje.jsonb.Json;
import io.skerry.spec.Digest;
import io.skerry.spec.Required;

/**
 * An image as content.
 *
 * @param repository the repository's name at the cloud's registry endpoint, {@code <customer id>/<service name>}
 * @param manifest the digest of the image manifest for the device's architecture
 * @param compressedBytes what fetching the manifest, its config and all its layers transfers at most
 * @param unpackedBytes what the layers take on the disk when unpacked, as far as known; 0 when not
 */
@Json(naming = Json.Naming.LowerUnderscore)
public record Image(String repository, Digest manifest, long compressedBytes, long unpackedBytes) {
    public Image {
        Required.field(repository, "repository");
        Required.field(manifest, "manifest");
    }
}
