package io.skerry.device.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skerry.device.revision.PreparedImage;
import io.skerry.device.revision.Present;
import io.skerry.device.revision.Slot;
import io.skerry.spec.ProblemException;
import io.skerry.spec.desired.Container;
import io.skerry.spec.desired.Goal;
import io.skerry.spec.desired.Limits;
import io.skerry.spec.desired.RestartPolicy;
import io.skerry.spec.desired.VolumeMount;
import io.skerry.spec.status.ContainerStatus;
import io.skerry.spec.status.ContainerStatus.Cause;
import io.skerry.spec.status.ContainerStatus.Health;
import io.skerry.spec.status.ContainerStatus.State;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What becomes of containers over a boot of the machine; needs root, runc, conmon and tini. */
class RebootIT {
    private final Sandbox box = new Sandbox();

    @AfterEach
    void clean() throws IOException {
        try (box) {
            box.stopAll();
            assertThat(box.remains()).isEmpty();
        }
    }

    @Test
    void isKnownButWaitsForItsStartWhichKeepsWhatItWrote() throws IOException {
        var container = Sandbox.container(RestartPolicy.ALWAYS);
        var image = box.shell("echo x >> /srv/kept; echo up; sleep 1000");
        box.start("one", container, image);
        box.awaitLog("one", "up"::equals);

        box.reboot();

        assertThat(box.containers.present())
                .containsExactlyEntriesOf(Map.of("one", new Present(container, false, Optional.empty())));
        assertThat(box.containers.status()).isEmpty();
        assertThat(box.remains()).noneMatch(r -> r.startsWith("process: ") || r.startsWith("mount: "));

        box.start("one", container, image);

        assertThat(box.containers.present()).containsExactlyEntriesOf(Map.of("one", Present.kept(container)));
        assertThat(box.status("one").state()).isEqualTo(State.RUNNING);
        assertThat(box.status("one").restarts()).isZero();
        Awaitility.await()
                .untilAsserted(
                        () -> assertThat(box.rootfs("one").resolve("srv/kept")).hasContent("x\nx\n"));
    }

    @Test
    void anotherFormReplacesIt() {
        box.start("one", Sandbox.container(RestartPolicy.ALWAYS), box.shell("touch /srv/kept; echo up; sleep 1000"));
        box.awaitLog("one", "up"::equals);
        box.reboot();

        box.start("one", Sandbox.container(RestartPolicy.NO), box.shell("ls /srv; echo end; sleep 1000"));

        assertThat(box.awaitLog("one", "end"::equals)).containsExactly("data", "end");
    }

    @Test
    void aStartThatFailsCostsNothingOfWhatItWrote() throws IOException {
        var container = Sandbox.container(
                RestartPolicy.ALWAYS,
                new Limits(32 << 20, 0, 64),
                Map.of(),
                List.of(VolumeMount.of("v", "/v")),
                Optional.empty());
        var image = box.shell("echo x >> /srv/kept; echo up; sleep 1000");
        box.start("one", container, image);
        box.awaitLog("one", "up"::equals);
        box.reboot();
        Files.delete(box.settings.volumes().resolve("one/v"));

        assertThatThrownBy(() -> box.containers.start("one", Slot.MAIN, container, Goal.STARTED, image))
                .isInstanceOfSatisfying(
                        ProblemException.class, e -> assertThat(e.code()).isEqualTo("container.volume"));

        assertThat(box.containers.present().values()).noneMatch(Present::kept);
        box.start("one", container, image);
        Awaitility.await()
                .untilAsserted(
                        () -> assertThat(box.rootfs("one").resolve("srv/kept")).hasContent("x\nx\n"));
    }

    @Test
    void itIsRemovedWithoutBeingStarted() {
        box.start("one", Sandbox.container(RestartPolicy.ALWAYS), box.shell("sleep 1000"));
        box.reboot();

        box.stop("one");

        assertThat(box.containers.present()).isEmpty();
        assertThat(box.data.resolve("containers/one")).doesNotExist();
    }

    @Test
    void oneThatHaltedItselfStaysEndedOnlyUnlessStopped() {
        Map<RestartPolicy, State> after = new EnumMap<>(RestartPolicy.class);
        PreparedImage image = box.shell("[ -e /srv/again ] && sleep 1000; touch /srv/again; poweroff -f; sleep 1000");
        for (RestartPolicy policy : RestartPolicy.values()) {
            box.start(name(policy), Sandbox.container(policy), image);
        }
        for (RestartPolicy policy : RestartPolicy.values()) {
            ContainerStatus halted = box.await(name(policy), s -> s.state() == State.STOPPED);
            assertThat(halted.lastExit().orElseThrow().cause()).isEqualTo(Cause.HALTED);
        }

        for (int boot = 0; boot < 2; boot++) {
            box.reboot();
            for (RestartPolicy policy : RestartPolicy.values()) {
                box.start(name(policy), Sandbox.container(policy), image);
                after.put(policy, box.status(name(policy)).state());
            }

            assertThat(after)
                    .containsEntry(RestartPolicy.UNLESS_STOPPED, State.STOPPED)
                    .containsEntry(RestartPolicy.ALWAYS, State.RUNNING)
                    .containsEntry(RestartPolicy.ON_FAILURE, State.RUNNING)
                    .containsEntry(RestartPolicy.NO, State.RUNNING);
        }
        assertThat(box.status(name(RestartPolicy.UNLESS_STOPPED))
                        .lastExit()
                        .orElseThrow()
                        .cause())
                .isEqualTo(Cause.HALTED);
        box.restartDaemon();
        assertThat(box.status(name(RestartPolicy.UNLESS_STOPPED)).state()).isEqualTo(State.STOPPED);
    }

    private static String name(RestartPolicy policy) {
        return policy.name().toLowerCase(Locale.ROOT);
    }

    @Test
    void oneThatHaltedItselfWhileNoDaemonSawItStaysEndedToo() throws IOException {
        Container container = Sandbox.container(RestartPolicy.UNLESS_STOPPED);
        PreparedImage image = box.shell("while [ ! -e /host/go ]; do sleep 0.1; done; poweroff -f; sleep 1000");
        box.start("one", container, image);
        box.containers.close();
        Files.writeString(box.data.resolve("containers/one/host/go"), "");
        Awaitility.await().until(() -> Files.exists(box.settings.exits().resolve("one")));

        box.reboot();
        box.start("one", container, image);

        assertThat(box.status("one").state()).isEqualTo(State.STOPPED);
        assertThat(box.status("one").lastExit().orElseThrow().cause()).isEqualTo(Cause.HALTED);
    }

    @Test
    void oneThatHadEndedOtherwiseIsStartedByEachBoot() {
        for (RestartPolicy policy : List.of(RestartPolicy.NO, RestartPolicy.ON_FAILURE)) {
            PreparedImage image = box.shell("echo x >> /srv/runs; exit 0");
            box.start(name(policy), Sandbox.container(policy), image);
            box.await(name(policy), s -> s.state() == State.STOPPED);
            box.reboot();

            box.start(name(policy), Sandbox.container(policy), image);

            box.await(name(policy), s -> s.state() == State.STOPPED);
            assertThat(box.rootfs(name(policy)).resolve("srv/runs")).hasContent("x\nx\n");
            box.stop(name(policy));
        }
    }

    @Test
    void oneThatIsOnlyMountedIsMountedAgain() {
        Container container = Sandbox.with(
                Sandbox.container(RestartPolicy.ALWAYS), Optional.of(Goal.MOUNTED), Optional.empty(), Optional.empty());
        PreparedImage image = box.shell("touch /srv/never");
        Path root = box.rootfs("one");
        box.containers.start("one", Slot.MAIN, container, Goal.MOUNTED, image);
        assertMounted(root);

        box.restartDaemon();
        assertMounted(root);

        box.reboot();
        assertThat(root).isEmptyDirectory();
        box.containers.start("one", Slot.MAIN, container, Goal.MOUNTED, image);
        assertMounted(root);

        box.stop("one");
        assertThat(root).doesNotExist();
    }

    private void assertMounted(Path root) {
        ContainerStatus status = box.status("one");
        assertThat(status.state()).isEqualTo(State.MOUNTED);
        assertThat(status.health()).isEqualTo(Health.HEALTHY);
        assertThat(root.resolve("srv/data/from-image")).exists();
        assertThat(root.resolve("srv/never")).doesNotExist();
        assertThat(root.resolveSibling("host").resolve("lxc.env")).exists();
        assertThat(box.networks.all()).isEmpty();
    }
}
