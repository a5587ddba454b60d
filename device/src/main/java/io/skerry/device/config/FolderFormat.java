package io.skerry.device.config;

import io.avaje.jsonb.Json;
import io.avaje.jsonb.JsonType;
import io.skerry.spec.Wire;

/** {@code format.json}: which layout the data folder has. */
@Json
public record FolderFormat(int version) {
    static final JsonType<FolderFormat> JSON = Wire.lenient(FolderFormat.class);
}
