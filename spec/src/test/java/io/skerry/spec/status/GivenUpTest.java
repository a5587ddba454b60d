package io.skerry.spec.status;

import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.spec.Digest;
import io.skerry.spec.status.GivenUp.Interval;
import io.skerry.spec.status.Outcome.Result;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class GivenUpTest {
    private static Outcome rolledBack(int revision, VolumeReports.Report... volumes) {
        return new Outcome(
                revision,
                Digest.of(new byte[0]),
                Result.ROLLED_BACK,
                Optional.empty(),
                Optional.of(new VolumeReports(List.of(volumes))));
    }

    private static VolumeReports.Report putBack(String volume, long takenAt, long restoredAt) {
        return new VolumeReports.Report("web", volume, VolumeReports.Method.COPY, 1, takenAt, Optional.of(restoredAt));
    }

    @Test
    void outcomesAreTakenUpTheNewestRevisionFirst() {
        var kept = new VolumeReports.Report("web", "log", VolumeReports.Method.COPY, 1, 30, Optional.empty());

        GivenUp all = GivenUp.NOTHING
                .with(rolledBack(3, putBack("data", 30, 39), kept))
                .with(rolledBack(2, putBack("data", 20, 29)));

        assertThat(all.intervals())
                .containsExactly(new Interval(3, "web", "data", 30, 39), new Interval(2, "web", "data", 20, 29));
    }

    @Test
    void puttingBackThatALaterOutcomeTellsAgainIsOne() {
        GivenUp all = GivenUp.NOTHING
                .with(rolledBack(2, putBack("data", 20, 29)))
                .with(rolledBack(3, putBack("data", 20, 29), putBack("log", 30, 39)));

        assertThat(all.intervals())
                .containsExactly(new Interval(3, "web", "log", 30, 39), new Interval(2, "web", "data", 20, 29));
    }

    @Test
    void oldestAreForgotten() {
        GivenUp all = GivenUp.NOTHING;
        for (int revision = 1; revision <= 20; revision++) {
            all = all.with(rolledBack(revision, putBack("data", revision, revision)));
        }

        assertThat(all.intervals()).extracting(Interval::revision).containsExactly(20, 19, 18, 17, 16, 15, 14, 13);
    }
}
