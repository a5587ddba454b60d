package io.skerry.device;

import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.spec.Architecture;
import io.skerry.spec.Digest;
import io.skerry.spec.Problem;
import io.skerry.spec.desired.Position;
import io.skerry.spec.desired.ServiceVersion;
import io.skerry.spec.status.Capabilities;
import io.skerry.spec.status.DeviceStatus;
import io.skerry.spec.status.GivenUp;
import io.skerry.spec.status.HeldBack;
import io.skerry.spec.status.Outcome;
import io.skerry.spec.status.Reason;
import io.skerry.spec.status.RevisionStatus;
import io.skerry.spec.status.VolumeReports;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LocalStatusTest {
    @Test
    void tellsAPersonWhatIsDoneWhatFailedAndWhatBecameOfTheData() {
        var exited = Reason.of(new Problem("container.exited", "Container a ended with exit code 7."));
        var volume = new VolumeReports.Report("a", "data", VolumeReports.Method.REFLINK, 0, 0, Optional.of(60_000L));
        var status = new DeviceStatus(
                "0.1.0",
                120_000,
                new Capabilities(1, Architecture.AMD64, List.of("runc"), List.of(), List.of(), 2),
                new Position(1, 4),
                new RevisionStatus(
                        3,
                        Optional.of(5),
                        RevisionStatus.Phase.PUT_OFF,
                        Optional.of(new Outcome(
                                4,
                                Digest.of(new byte[0]),
                                Outcome.Result.ROLLED_BACK,
                                Optional.of(exited),
                                Optional.of(new VolumeReports(List.of(volume))))),
                        List.of(new HeldBack(
                                "a", new ServiceVersion("id", "web", 2), Outcome.Result.ROLLED_BACK, exited)),
                        Optional.of("wait while b holds its update lock, at most 600 s"),
                        Optional.empty(),
                        Optional.of(new GivenUp(List.of(
                                new GivenUp.Interval(4, "a", "data", 0, 60_000),
                                new GivenUp.Interval(2, "a", "log", 1000, 31_000))))),
                List.of(),
                new DeviceStatus.Resources(1, 1, 1, 1),
                Map.of(),
                List.of());

        assertThat(LocalStatus.human(status)).isEqualTo("""
                At 1970-01-01T00:02:00Z, daemon 0.1.0
                Revision  3, trying 5, put-off: wait while b holds its update lock, at most 600 s
                Accepted  %s
                Last      revision 4 rolled-back: Container a ended with exit code 7.
                Volume    data of a was kept by reflink at 1970-01-01T00:00:00Z and put back at 1970-01-01T00:01:00Z; \
                what was written between is given up
                Given up  what was written to log of a from 1970-01-01T00:00:01Z to 1970-01-01T00:00:31Z, \
                when it was put back with revision 2
                Held back a web:2: Container a ended with exit code 7.
                """.formatted(status.accepted()));
    }
}
