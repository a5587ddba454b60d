package io.skerry.cli.api;

import io.avaje.jsonb.Json;
import java.util.Optional;

/** A configuration file of an instance; what a secret one says isn't told. */
@Json(naming = Json.Naming.LowerUnderscore)
public record ConfigFile(
        String path,
        String mode,
        boolean secret,
        String digest,
        int size,
        long changedAt,
        @Json.Property("content_base64") Optional<String> contentBase64) {}
