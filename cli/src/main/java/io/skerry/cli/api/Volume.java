package io.skerry.cli.api;

import io.avaje.jsonb.Json;

/**
 * A volume by name, and where it lies in the container.
 *
 * @param shareable whether the old and the new container may have it at once
 * @param snapshot whether its content goes back with a version that is rolled back
 */
@Json(naming = Json.Naming.LowerUnderscore)
public record Volume(String source, String target, boolean shareable, boolean snapshot) {}
