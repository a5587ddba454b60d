package io.skerry.cli.api;

import io.avaje.jsonb.Json;
import java.util.Optional;

/** A configuration file of an instance; neither what a secret one says nor what comes from it is told. */
@Json(naming = Json.Naming.LowerUnderscore)
public record ConfigFile(
        String path,
        String mode,
        boolean secret,
        Optional<String> digest,
        Optional<Integer> size,
        long changedAt,
        @Json.Property("content_base64") Optional<String> contentBase64) {}
