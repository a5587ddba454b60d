package io.skerry.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skerry.spec.Architecture;
import io.skerry.spec.Digest;
import io.skerry.spec.Problem;
import io.skerry.spec.ProblemException;
import io.skerry.spec.desired.Position;
import io.skerry.spec.desired.ServiceVersion;
import io.skerry.spec.status.Capabilities;
import io.skerry.spec.status.ContainerStatus;
import io.skerry.spec.status.DeviceStatus;
import io.skerry.spec.status.GivenUp;
import io.skerry.spec.status.HeldBack;
import io.skerry.spec.status.Outcome;
import io.skerry.spec.status.Reason;
import io.skerry.spec.status.RevisionStatus;
import io.skerry.spec.status.VolumeReports;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LocalStatusTest {
    private static final String ID = "01a200a4-87c5-7d5d-b9d5-4500d31a8d7a";

    @TempDir
    Path data;

    @Test
    void tellsAPersonWhatIsDoneWhatFailedAndWhatBecameOfTheData() {
        assertThat(LocalStatus.human(status())).isEqualTo("""
                At 1970-01-01T00:02:00Z, daemon 0.1.0
                Revision  3, trying 5, put-off: wait while ID (web) holds its update lock, at most 600 s
                Accepted  1.4
                Last      revision 4 rolled-back: Container ID (web) ended with exit code 7.
                Volume    data of ID (web) was kept by reflink at 1970-01-01T00:00:00Z and put back at \
                1970-01-01T00:01:00Z; what was written between is given up
                Given up  what was written to log of ID (web) from 1970-01-01T00:00:01Z to 1970-01-01T00:00:31Z, \
                when it was put back with revision 2
                Held back ID web:2: Container ID (web) ended with exit code 7.
                ID   web:1  running, healthy, 0 restarts
                Problem   Container ID (web) can't be looked at.
                """.replace("ID", ID));
    }

    @Test
    void tellsProgramsWhatTheDaemonWrote() throws Exception {
        byte[] json = DeviceStatus.JSON.toJsonBytes(status());
        Files.write(data.resolve("status.json"), json);

        assertThat(LocalStatus.read(data, OutputForm.JSON)).isEqualTo(new String(json, StandardCharsets.UTF_8) + "\n");
    }

    @ParameterizedTest
    @EnumSource(OutputForm.class)
    void saysWhatToDoWhenTheStatusIsSpoilt(OutputForm form) throws Exception {
        Files.writeString(data.resolve("status.json"), "{\"daemon_version\":");

        assertThatThrownBy(() -> LocalStatus.read(data, form)).isInstanceOfSatisfying(ProblemException.class, e -> {
            assertThat(e.code()).isEqualTo("status.unreadable");
            assertThat(e.problem().sentence()).contains("status.json", "ask again");
        });
    }

    private static DeviceStatus status() {
        var exited = Reason.of(new Problem("container.exited", "Container " + ID + " ended with exit code 7."));
        var volume = new VolumeReports.Report(ID, "data", VolumeReports.Method.REFLINK, 0, 0, Optional.of(60_000L));
        var running = new ContainerStatus(
                ID,
                new ServiceVersion("id", "web", 1),
                Digest.of(new byte[0]),
                ContainerStatus.State.RUNNING,
                ContainerStatus.Health.HEALTHY,
                0,
                0,
                Optional.empty(),
                "");
        return new DeviceStatus(
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
                                ID, new ServiceVersion("id", "web", 2), Outcome.Result.ROLLED_BACK, exited)),
                        Optional.of("wait while " + ID + " holds its update lock, at most 600 s"),
                        Optional.empty(),
                        Optional.of(new GivenUp(List.of(
                                new GivenUp.Interval(4, ID, "data", 0, 60_000),
                                new GivenUp.Interval(2, ID, "log", 1000, 31_000))))),
                List.of(running),
                new DeviceStatus.Resources(1, 1, 1, 1),
                Map.of(),
                List.of(new Problem("container.unseen", "Container " + ID + " can't be looked at.")));
    }
}
