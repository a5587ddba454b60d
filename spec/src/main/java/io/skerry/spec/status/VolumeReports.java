package io.skerry.spec.status;

import io.avaje.jsonb.Json;
import io.skerry.spec.Required;
import java.util.List;
import java.util.Optional;

/** What was done about the content of volumes in one attempt at a revision. */
@Json
public record VolumeReports(List<Report> volumes) {
    public VolumeReports {
        Required.field(volumes, "volumes");
        volumes = List.copyOf(volumes);
    }

    /**
     * One volume that was kept as it was between the old and the new program.
     *
     * @param container whose
     * @param volume its name
     * @param method how it was kept
     * @param bytes what the copy takes on the disk; 0 where it shares the original's blocks
     * @param takenAt when, milliseconds since 1970 by the device's clock
     * @param restoredAt when it was put back: what was written from {@code takenAt} until then was given up; empty when it
     *     wasn't put back
     */
    @Json(naming = Json.Naming.LowerUnderscore)
    public record Report(
            String container, String volume, Method method, long bytes, long takenAt, Optional<Long> restoredAt) {
        public Report {
            Required.field(container, "container");
            Required.field(volume, "volume");
            Required.field(method, "method");
            Required.field(restoredAt, "restored_at");
        }
    }

    /** How a volume's content is kept. */
    public enum Method {
        /** A btrfs snapshot of its subvolume. */
        SUBVOLUME("subvolume"),
        /** A copy that shares the original's blocks until one of them is written. */
        REFLINK("reflink"),
        /** A whole copy. */
        COPY("copy");

        private final String word;

        Method(String word) {
            this.word = word;
        }

        @Json.Value
        public String word() {
            return word;
        }
    }
}
