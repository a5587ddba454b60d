package io.skerry.spec.status;

import io.avaje.jsonb.Json;
import io.skerry.spec.Required;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * What was given up on a device by putting volumes back as they were before an update. Unlike an outcome's
 * {@link VolumeReports} it outlives the attempts that follow.
 *
 * @param intervals of the newest revision first; what is beyond {@link #MOST} is left out
 */
@Json
public record GivenUp(List<Interval> intervals) {
    /** So many intervals are told. */
    public static final int MOST = 8;

    public static final GivenUp NOTHING = new GivenUp(List.of());

    public GivenUp {
        Required.field(intervals, "intervals");
        intervals = intervals.stream().limit(MOST).toList();
    }

    /** This and what an outcome tells, within the bound. */
    public GivenUp with(Outcome outcome) {
        return new GivenUp(and(outcome));
    }

    /** This and all that an outcome tells, once each: what is known of an earlier revision stays that one's. */
    public List<Interval> and(Outcome outcome) {
        List<Interval> all = new ArrayList<>(intervals);
        Interval.of(outcome).stream()
                .filter(told -> intervals.stream().noneMatch(told::isSame))
                .forEach(all::add);
        all.sort(Comparator.comparingInt(Interval::revision).reversed());
        return List.copyOf(all);
    }

    /**
     * One volume that was put back: what was written to it from {@code takenAt} until {@code restoredAt} was given up.
     *
     * @param revision the number of the revision on whose way forth or back that was done
     * @param container whose
     * @param volume its name
     * @param takenAt when the volume was kept, milliseconds since 1970 by the device's clock
     * @param restoredAt when it was put back, by the same clock
     */
    @Json(naming = Json.Naming.LowerUnderscore)
    public record Interval(int revision, String container, String volume, long takenAt, long restoredAt) {
        public Interval {
            Required.field(container, "container");
            Required.field(volume, "volume");
        }

        /** Those that an outcome tells. */
        public static List<Interval> of(Outcome outcome) {
            return outcome.volumes().map(VolumeReports::volumes).orElse(List.of()).stream()
                    .map(report -> of(outcome.revision(), report))
                    .flatMap(Optional::stream)
                    .toList();
        }

        private static Optional<Interval> of(int revision, VolumeReports.Report report) {
            return report.restoredAt()
                    .map(at -> new Interval(revision, report.container(), report.volume(), report.takenAt(), at));
        }

        /** Whether the other tells of the same putting back, be it of another revision. */
        public boolean isSame(Interval other) {
            return container.equals(other.container)
                    && volume.equals(other.volume)
                    && takenAt == other.takenAt
                    && restoredAt == other.restoredAt;
        }
    }
}
