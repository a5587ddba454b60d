package io.skerry.cloud.injection;

import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.cloud.node.DeviceStatuses;
import io.skerry.cloud.service.VersionSettings;
import io.skerry.spec.Architecture;
import io.skerry.spec.Digest;
import io.skerry.spec.Problem;
import io.skerry.spec.desired.ConfigFile;
import io.skerry.spec.desired.ConfigFiles;
import io.skerry.spec.desired.Container;
import io.skerry.spec.desired.Documents;
import io.skerry.spec.desired.Image;
import io.skerry.spec.desired.ServiceVersion;
import io.skerry.spec.desired.Workload;
import io.skerry.spec.status.Capabilities;
import io.skerry.spec.status.DeviceStatus;
import io.skerry.spec.status.HeldBack;
import io.skerry.spec.status.Outcome;
import io.skerry.spec.status.Reason;
import io.skerry.spec.status.RevisionStatus;
import io.skerry.spec.status.WindowWaits;
import io.skerry.spec.window.Opening;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** When an earlier key may be revoked because its device has the next one. */
class TakenUpTest {
    private static final String PATH = "/run/secrets/key";
    private static final Digest NEW = Digest.of(new byte[] {1});
    private static final Digest OLD = Digest.of(new byte[] {2});
    private static final String TOLD = workload(NEW);

    private static String workload(Digest key) {
        var settings = VersionSettings.DEFAULT;
        var container = new Container(
                new ServiceVersion("s", "web", 1),
                new Image("c/web", Digest.of(new byte[] {3}), 1, 1),
                settings.environment(),
                settings.limits(),
                settings.volumes(),
                settings.health(),
                settings.restart(),
                settings.stopSeconds(),
                settings.probationSeconds(),
                settings.membership(),
                settings.recovery(),
                settings.update(),
                Optional.of(new ConfigFiles(List.of(new ConfigFile(PATH, 0400, key, 47)))));
        return Documents.WORKLOAD.toJson(Workload.of(Map.of("i", container, "other", container)));
    }

    private static DeviceStatus status(
            String committed, Outcome.Result result, List<HeldBack> heldBack, List<WindowWaits.Wait> waits) {
        var outcome = new Outcome(
                2, Digest.of(committed.getBytes(StandardCharsets.UTF_8)), result, Optional.empty(), Optional.empty());
        return DeviceStatuses.of(
                new Capabilities(1, Architecture.AMD64, List.of("runc"), List.of(), List.of(), 2),
                new RevisionStatus(
                        2,
                        Optional.empty(),
                        RevisionStatus.Phase.IDLE,
                        Optional.of(outcome),
                        heldBack,
                        Optional.empty(),
                        waits.isEmpty() ? Optional.empty() : Optional.of(new WindowWaits(waits)),
                        Optional.empty()));
    }

    private static boolean takenUp(DeviceStatus status) {
        return TakenUp.by(TOLD, Optional.of(status), "i", PATH, NEW.value());
    }

    @Test
    void whatTheDeviceSaysItCommittedItHas() {
        assertThat(takenUp(status(TOLD, Outcome.Result.COMMITTED, List.of(), List.of())))
                .isTrue();
    }

    @Test
    void aDeviceThatSaidNothingYetHasnt() {
        assertThat(TakenUp.by(TOLD, Optional.empty(), "i", PATH, NEW.value())).isFalse();
    }

    @Test
    void whatItCommittedBeforeOrWentBackFromItHasnt() {
        assertThat(takenUp(status(workload(OLD), Outcome.Result.COMMITTED, List.of(), List.of())))
                .isFalse();
        assertThat(takenUp(status(TOLD, Outcome.Result.ROLLED_BACK, List.of(), List.of())))
                .isFalse();
    }

    @Test
    void whatItWasntToldItHasnt() {
        String old = workload(OLD);
        assertThat(TakenUp.by(
                        old,
                        Optional.of(status(old, Outcome.Result.COMMITTED, List.of(), List.of())),
                        "i",
                        PATH,
                        NEW.value()))
                .isFalse();
    }

    @Test
    void aContainerThatKeepsItsFormHasntAndWhatOthersDoIsNothingToIt() {
        assertThat(takenUp(status(TOLD, Outcome.Result.COMMITTED, List.of(heldBack("i")), List.of())))
                .isFalse();
        assertThat(takenUp(status(TOLD, Outcome.Result.COMMITTED, List.of(), List.of(waiting("i")))))
                .isFalse();
        assertThat(takenUp(
                        status(TOLD, Outcome.Result.COMMITTED, List.of(heldBack("other")), List.of(waiting("other")))))
                .isTrue();
    }

    private static HeldBack heldBack(String name) {
        return new HeldBack(
                name,
                new ServiceVersion("s", "web", 1),
                Outcome.Result.ROLLED_BACK,
                Reason.of(new Problem("container.exited", "It ended.")));
    }

    private static WindowWaits.Wait waiting(String name) {
        return new WindowWaits.Wait(name, Opening.SWITCH, Optional.empty());
    }
}
