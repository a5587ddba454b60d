package io.skerry.spec.status;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skerry.spec.Architecture;
import io.skerry.spec.Digest;
import io.skerry.spec.Problem;
import io.skerry.spec.ProblemException;
import io.skerry.spec.Wire;
import io.skerry.spec.desired.Position;
import io.skerry.spec.desired.ServiceVersion;
import io.skerry.spec.window.Opening;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;

class DeviceStatusTest {
    private static final Digest MANIFEST = Digest.of(new byte[] {1});

    private final DeviceStatus status = new DeviceStatus(
            "0.1.0",
            1_700_000_000_000L,
            new Capabilities(1, Architecture.ARMHF, List.of("runc"), List.of("disabled"), List.of("volumes"), 2),
            new Position(1, 9),
            new RevisionStatus(
                    3,
                    Optional.of(4),
                    RevisionStatus.Phase.ON_TRIAL,
                    Optional.of(new Outcome(
                            2,
                            MANIFEST,
                            Outcome.Result.ROLLED_BACK,
                            Optional.of(new Reason(
                                    "web", new Problem("container.exited", "It ended with 7."), List.of("oops"))),
                            Optional.of(new VolumeReports(List.of(new VolumeReports.Report(
                                    "web", "data", VolumeReports.Method.REFLINK, 0, 5, Optional.of(9L))))))),
                    List.of(new HeldBack(
                            "web",
                            new ServiceVersion("svc", "web", 5),
                            Outcome.Result.REFUSED,
                            Reason.of(new Problem("image.corrupt", "It is spoilt.")))),
                    Optional.of("check web"),
                    Optional.of(new WindowWaits(List.of(new WindowWaits.Wait("web", Opening.SWITCH, Optional.of(7L))))),
                    Optional.of(new GivenUp(List.of(new GivenUp.Interval(1, "web", "data", 2, 3))))),
            List.of(new ContainerStatus(
                    "web",
                    new ServiceVersion("svc", "web", 4),
                    MANIFEST,
                    ContainerStatus.State.BACKING_OFF,
                    ContainerStatus.Health.UNHEALTHY,
                    5,
                    2,
                    Optional.of(new ContainerStatus.Exit(137, ContainerStatus.Cause.OUT_OF_MEMORY, 6)),
                    "")),
            new DeviceStatus.Resources(1, 2, 3, 4),
            Map.of("content", new DeviceStatus.Traffic(10, 20)),
            List.of());

    @Test
    void readsBackWhatItWrote() {
        assertThat(Wire.read(DeviceStatus.JSON, DeviceStatus.JSON.toJsonBytes(status), "It"))
                .isEqualTo(status);
    }

    @Test
    void passesOverWhatANewerDeviceAdds() {
        var json = DeviceStatus.JSON.toJson(status).replaceFirst("\\{", "{\"sent_by_a_newer_one\":{\"a\":[1]},");

        assertThat(Wire.read(DeviceStatus.JSON, json.getBytes(StandardCharsets.UTF_8), "It"))
                .isEqualTo(status);
    }

    @Test
    void ofAnOlderDeviceOnlyTheNewestOutcomeTellsWhatWasGivenUp() {
        var json = DeviceStatus.JSON.toJson(status).replaceFirst("\"given_up\":\\{[^}]*}]},?", "");

        var older = Wire.read(DeviceStatus.JSON, json.getBytes(StandardCharsets.UTF_8), "It")
                .revision();

        assertThat(older.givenUp()).isEmpty();
        assertThat(older.allGivenUp()).containsExactly(new GivenUp.Interval(2, "web", "data", 5, 9));
        assertThat(status.revision().allGivenUp())
                .containsExactly(
                        new GivenUp.Interval(2, "web", "data", 5, 9), new GivenUp.Interval(1, "web", "data", 2, 3));
    }

    @Test
    void missingFieldIsRefusedByName() {
        var json = DeviceStatus.JSON.toJson(status).replace("\"resources\"", "\"resource\"");

        assertThatThrownBy(() -> Wire.read(DeviceStatus.JSON, json.getBytes(StandardCharsets.UTF_8), "The status"))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        e -> assertThat(e.problem().message()).contains("The status", "resources"));
    }

    /** Whatever comes over the link is either a status or a problem; never another exception. */
    @Test
    void damagedStatusIsReadOrRefused() {
        long seed = 20260101L;
        var random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        byte[] whole = DeviceStatus.JSON.toJsonBytes(status);
        int refused = 0;
        for (int round = 0; round < 20_000; round++) {
            byte[] damaged = whole.clone();
            for (int i = random.nextInt(1, 4); i > 0; i--) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
            }
            try {
                Wire.read(DeviceStatus.JSON, damaged, "It");
            } catch (ProblemException e) {
                refused++;
            } catch (RuntimeException e) {
                throw new AssertionError("seed " + seed + ", round " + round, e);
            }
        }
        assertThat(refused).isGreaterThan(1000);
    }
}
