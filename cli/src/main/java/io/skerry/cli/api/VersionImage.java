package io.skerry.cli.api;

import io.avaje.jsonb.Json;

/** A version's image for one architecture. */
@Json(naming = Json.Naming.LowerUnderscore)
public record VersionImage(
        String arch, String imageReference, String digest, long compressedBytes, long unpackedBytes) {}
