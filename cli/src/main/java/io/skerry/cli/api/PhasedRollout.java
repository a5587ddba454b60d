package io.skerry.cli.api;

import io.avaje.jsonb.Json;
import java.util.List;
import java.util.Optional;

/** A new version's way to its devices, phase by phase. */
@Json(naming = Json.Naming.LowerUnderscore)
public record PhasedRollout(
        String rolloutId,
        String nodeServiceId,
        int containerVersion,
        String state,
        Optional<Why> reason,
        int phase,
        List<Phase> phases,
        Progress progress,
        long createdAt,
        long changedAt) {

    /** Why it stands where it stands. */
    @Json
    public record Why(String code, String message, String remedy) {}

    /** One of its phases. */
    @Json(naming = Json.Naming.LowerUnderscore)
    public record Phase(
            Optional<Integer> percent,
            Optional<Integer> count,
            int successPercent,
            int failurePercent,
            int soakSeconds,
            int updateSeconds,
            int atOnce,
            boolean approval,
            Progress progress) {}

    /** In instances. */
    @Json
    public record Progress(int total, int admitted, int done, int failed, int updating, int waiting, int unreachable) {}
}
