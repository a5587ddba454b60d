package io.skerry.cli.api;

import io.avaje.jsonb.Json;
import java.util.Optional;

/**
 * A volume that was put back as it was before an update: what was written to it in between was given up.
 *
 * @param revision on whose way forth or back that was done
 * @param takenAt from when on, milliseconds since 1970 by the device's clock
 * @param restoredAt until when, by the same clock
 */
@Json(naming = Json.Naming.LowerUnderscore)
public record GivenUp(
        int revision, String container, Optional<String> serviceName, String volume, long takenAt, long restoredAt) {
    /** Whether an outcome tells of this too. */
    public boolean isIn(Outcome outcome) {
        return outcome.volumes().stream()
                .anyMatch(v -> v.container().equals(container)
                        && v.volume().equals(volume)
                        && v.takenAt() == takenAt
                        && v.restoredAt().filter(at -> at == restoredAt).isPresent());
    }
}
