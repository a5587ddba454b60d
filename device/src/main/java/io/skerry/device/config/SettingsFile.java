package io.skerry.device.config;

import io.avaje.jsonb.Json;
import io.avaje.jsonb.JsonType;
import io.skerry.spec.Wire;
import java.util.List;
import java.util.Optional;

/** {@code device.json} as it is written; what is left out has its default. */
@Json(naming = Json.Naming.LowerUnderscore)
public record SettingsFile(
        Optional<String> cloud,
        Optional<String> cgroupScope,
        Optional<Long> logBytes,
        Optional<Integer> pollWaitSeconds,
        Optional<Integer> statusSeconds,
        Optional<String> tini,
        Optional<String> logFormat,
        Optional<String> bootIdFile,
        Optional<List<String>> rebootCommand,
        Optional<String> watchdogDevice,
        Optional<Integer> watchdogSeconds) {
    static final JsonType<SettingsFile> JSON = Wire.strict(SettingsFile.class);
}
