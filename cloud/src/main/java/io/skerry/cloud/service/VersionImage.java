package io.skerry.cloud.service;

import io.skerry.spec.Architecture;
import io.skerry.spec.Digest;

/**
 * A version's image for one architecture.
 *
 * @param architecture whose devices run it
 * @param imageReference where it came from
 * @param manifest the digest of its manifest, which is stored here with all that it names
 * @param mediaType the manifest's
 * @param compressedBytes what manifest, configuration and layers have
 * @param unpackedBytes what the layers have when uncompressed
 */
public record VersionImage(
        Architecture architecture,
        String imageReference,
        Digest manifest,
        String mediaType,
        long compressedBytes,
        long unpackedBytes) {}
