package io.skerry.cli.api;

import io.avaje.jsonb.Json;
import java.util.Optional;

/**
 * A volume that was kept as it was between the old and the new program.
 *
 * @param bytes what the copy takes on the disk; 0 where it shares the original's blocks
 * @param takenAt milliseconds since 1970 by the device's clock
 * @param restoredAt when it was put back; what was written from {@code takenAt} until then was given up
 */
@Json(naming = Json.Naming.LowerUnderscore)
public record OutcomeVolume(
        String container,
        Optional<String> serviceName,
        String volume,
        String method,
        long bytes,
        long takenAt,
        Optional<Long> restoredAt) {}
