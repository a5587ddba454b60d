package io.skerry.device.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skerry.device.revision.Slot;
import io.skerry.spec.ProblemException;
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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a container is and may do; needs root, runc, conmon and tini. */
class RuncContainersIT {
    private final Sandbox box = new Sandbox();

    @AfterEach
    void clean() throws IOException {
        try (box) {
            box.stopAll();
            assertThat(box.remains()).isEmpty();
        }
    }

    @Test
    void runsAndTellsTheExitCodeAndTheLog() {
        List<String> log =
                box.output("one", Sandbox.container(RestartPolicy.NO), box.shell("echo out; echo err >&2; exit 7"));

        ContainerStatus status = box.status("one");
        assertThat(log).containsExactlyInAnyOrder("out", "err");
        assertThat(status.lastExit()).hasValueSatisfying(e -> {
            assertThat(e.code()).isEqualTo(7);
            assertThat(e.cause()).isEqualTo(Cause.EXITED);
        });
        assertThat(box.containers.present()).containsOnlyKeys("one");
    }

    @Test
    void leavesNothingBehindWhenStopped() throws IOException {
        box.start("one", Sandbox.container(RestartPolicy.ALWAYS), box.shell("sleep 1000"));
        assertThat(box.status("one").state()).isEqualTo(State.RUNNING);
        assertThat(box.status("one").health()).isEqualTo(Health.HEALTHY);
        assertThat(box.remains()).isNotEmpty();

        box.stop("one");

        assertThat(box.remains()).isEmpty();
        assertThat(box.containers.status()).isEmpty();
        assertThat(box.data.resolve("containers/one")).doesNotExist();
        box.stop("one");
    }

    @Test
    void hasEnvironmentUserGroupsAndWorkingDirectory() {
        var container = Sandbox.container(
                RestartPolicy.NO,
                Limits.DEFAULT,
                Map.of("B", "service", "C", "two words"),
                List.of(),
                Optional.empty());
        var image = box.image(
                Map.of("A", "image", "B", "image"), "app", "/srv", Optional.empty(), "/bin/sh", "-c", "id; pwd; env");

        assertThat(box.output("one", container, image))
                .contains("uid=1000(app) gid=1001(app) groups=1001(app),1002(extra)", "/srv")
                .contains("A=image", "B=service", "C=two words", "HOSTNAME=one", "HOME=/srv");
    }

    @Test
    void anUnknownUserIsRefusedAndLeavesNothing() throws IOException {
        var image = box.image(Map.of(), "nobody-knows", "/", Optional.empty(), "/bin/true");

        assertThatThrownBy(() -> box.start("one", Sandbox.container(RestartPolicy.NO), image))
                .isInstanceOfSatisfying(
                        ProblemException.class, e -> assertThat(e.code()).isEqualTo("container.unknown-user"));
        assertThat(box.containers.present()).isEmpty();
        assertThat(box.remains()).isEmpty();
    }

    @Test
    void aProgramThatIsNotThereIsSaidInTheLog() {
        List<String> log = box.output("one", Sandbox.container(RestartPolicy.NO), box.image("/no/such"));

        assertThat(log).anyMatch(l -> l.contains("/no/such"));
        assertThat(box.status("one").lastExit().orElseThrow().code()).isEqualTo(127);
    }

    @Test
    void whatRuncRefusesIsSaid() throws IOException {
        // An init that isn't there stands for anything that runc may meet.
        var settings = new ContainerSettings(
                box.data, box.settings.scope(), "runc", "conmon", Path.of("/usr/bin/no-tini"), 64 << 10);
        try (var other = box.open(settings)) {
            assertThatThrownBy(() -> other.start(
                            "two", Slot.MAIN, Sandbox.container(RestartPolicy.NO), Goal.STARTED, box.shell("true")))
                    .isInstanceOfSatisfying(ProblemException.class, e -> {
                        assertThat(e.code()).isEqualTo("container.start-failed");
                        assertThat(e.problem().message()).contains("no-tini");
                    });
            assertThat(other.present()).isEmpty();
            assertThat(box.remains()).isEmpty();
        }
    }

    @Test
    void tiniIsFirstAndReaps() {
        List<String> log = box.output(
                "one",
                Sandbox.container(RestartPolicy.NO),
                box.shell("cat /proc/1/cmdline | head -c 9; echo; (sleep 0.1 &) ; sleep 0.5; ps"));

        assertThat(log.getFirst()).isEqualTo("/dev/init");
        assertThat(log).noneMatch(l -> l.matches("\\s*\\d+ \\S+\\s+\\W?sleep.*"));
    }

    @Test
    void runIsFreshAndTheHostsKernelIsOutOfReach() {
        List<String> log = box.output(
                "one",
                Sandbox.container(RestartPolicy.NO),
                box.shell("ls -a /run; echo run-end; touch /run/x && echo run-writable; "
                        + "mount -t tmpfs t /srv || echo no-mount; mknod /srv/n b 7 0 || echo no-mknod; "
                        + "head -c 1 /proc/kcore; (echo 1 > /proc/sys/kernel/sysrq) || echo no-sysctl; "
                        + "cat /proc/self/status"));

        assertThat(log).contains("run-writable", "no-mount", "no-mknod", "no-sysctl");
        assertThat(log.subList(0, log.indexOf("run-end"))).containsExactlyInAnyOrder(".", "..");
        assertThat(log).anyMatch(l -> l.matches("Seccomp:\\s+2")).anyMatch(l -> l.matches("NoNewPrivs:\\s+1"));
        // CHOWN DAC_OVERRIDE FOWNER FSETID KILL SETGID SETUID SETPCAP NET_BIND_SERVICE NET_RAW SYS_CHROOT SYS_BOOT
        // SETFCAP
        assertThat(log).anyMatch(l -> l.matches("CapEff:\\s+00000000804425fb"));
    }

    @Test
    void theEnvironmentFileCanBeSourced() {
        Map<String, String> hostile = new LinkedHashMap<>();
        hostile.put("QUOTES", "it's \"so\" `id` $HOME \\ end");
        hostile.put("LINES", "one\ntwo'\n");
        hostile.put("not-a-shell-name", "x");
        var container = Sandbox.container(RestartPolicy.NO, Limits.DEFAULT, hostile, List.of(), Optional.empty());

        List<String> log = box.output(
                "one",
                container,
                box.shell("Q=\"$QUOTES\"; L=\"$LINES\"; unset QUOTES LINES; . /host/lxc.env; "
                        + "[ \"$Q\" = \"$QUOTES\" ] && [ \"$L\" = \"$LINES\" ] && echo same; echo \"$QUOTES\"; "
                        + "echo m > /host/prometheus.prom && echo written"));

        assertThat(log).containsExactly("same", "it's \"so\" `id` $HOME \\ end", "written");
    }

    @Test
    void theImageStaysWhileWritesLiveAsLongAsTheContainer() throws IOException {
        var always = Sandbox.container(RestartPolicy.ALWAYS);
        var image =
                box.shell("echo x >> /srv/count; cat /srv/count | head -c 9; echo; [ -e /srv/second ] && sleep 1000; "
                        + "touch /srv/second; exit 1");
        box.start("one", always, image);
        box.awaitLog("one", "x"::equals);
        box.await("one", s -> s.restarts() == 1 && s.state() == State.RUNNING);

        // It runs a moment before its program writes.
        Awaitility.await()
                .untilAsserted(
                        () -> assertThat(box.rootfs("one").resolve("srv/count")).hasContent("x\nx\n"));
        assertThat(box.layerFolder().resolve("srv/count")).doesNotExist();

        box.start("one", always, box.shell("ls /srv; sleep 1000"));

        assertThat(box.awaitLog("one", "data"::equals)).containsExactly("data");
    }

    @Test
    void overItsMemoryItEndsAndThatIsSaid() {
        var small =
                Sandbox.container(RestartPolicy.NO, new Limits(16 << 20, 0, 64), Map.of(), List.of(), Optional.empty());

        box.output("one", small, box.shell("tail /dev/zero"));

        assertThat(box.status("one").lastExit().orElseThrow().cause()).isEqualTo(Cause.OUT_OF_MEMORY);
    }

    @Test
    void cannotHaveMoreProcessesThanItMay() {
        // runc's own threads count until the program is begun, and it dies when it may have too few.
        var few = Sandbox.container(
                RestartPolicy.NO, new Limits(32 << 20, 500, 16), Map.of(), List.of(), Optional.empty());

        List<String> log = box.output(
                "one", few, box.shell("i=0; while [ $i -lt 30 ]; do sleep 5 & i=$((i + 1)); done; echo not reached"));

        assertThat(log).anyMatch(l -> l.contains("can't fork"));
    }

    @Test
    void rebootStartsItAgainAndPowerOffDoesNot() {
        box.start(
                "one",
                Sandbox.container(RestartPolicy.NO),
                box.shell("[ -e /srv/again ] && sleep 1000; touch /srv/again; reboot -f; sleep 1000"));
        ContainerStatus again = box.await("one", s -> s.restarts() == 1 && s.state() == State.RUNNING);
        assertThat(again.lastExit().orElseThrow().cause()).isEqualTo(Cause.REBOOTED);

        box.start("two", Sandbox.container(RestartPolicy.ALWAYS), box.shell("poweroff -f; sleep 1000"));
        ContainerStatus halted = box.await("two", s -> s.state() == State.STOPPED);
        assertThat(halted.lastExit().orElseThrow().cause()).isEqualTo(Cause.HALTED);
    }

    @Test
    void theStopSignalIsSentAndTheGraceTimeKept() throws IOException {
        var volume = Sandbox.container(
                RestartPolicy.ALWAYS, Limits.DEFAULT, Map.of(), List.of(VolumeMount.of("v", "/v")), Optional.empty());
        box.start(
                "kind",
                volume,
                box.shell("trap 'echo bye > /v/said; exit 0' TERM; echo up; while :; do sleep 0.1; done"));
        box.start(
                "deaf",
                Sandbox.container(RestartPolicy.ALWAYS),
                box.shell("trap '' TERM; echo up; while :; do sleep 1; done"));
        box.awaitLog("kind", "up"::equals);
        box.awaitLog("deaf", "up"::equals);

        box.stop("kind");
        long begin = System.nanoTime();
        box.stop("deaf");

        assertThat(box.data.resolve("volumes/permanent/kind/v/said")).hasContent("bye");
        assertThat((System.nanoTime() - begin) / 1_000_000).isBetween(1000L, 8000L);
        assertThat(box.remains()).isEmpty();
    }

    @Test
    void aVolumeOutlivesTheContainer() throws IOException {
        var volume = Sandbox.container(
                RestartPolicy.NO,
                Limits.DEFAULT,
                Map.of(),
                List.of(VolumeMount.of("data", "/srv/data")),
                Optional.empty());
        Path onDisk = box.data.resolve("volumes/permanent/one/data");

        assertThat(box.output("one", volume, box.shell("ls /srv/data; echo mine > /srv/data/own; echo written")))
                .containsExactly("written");
        assertThat(box.output("one", volume, box.shell("cat /srv/data/own"))).containsExactly("mine");
        assertThat(box.layerFolder().resolve("srv/data/own")).doesNotExist();
        box.stop("one");

        assertThat(onDisk.resolve("own")).exists();
    }

    @Test
    void withoutItsVolumeItIsNotStarted() throws IOException {
        var volume = Sandbox.container(
                RestartPolicy.NO,
                Limits.DEFAULT,
                Map.of(),
                List.of(VolumeMount.of("data", "/srv/data")),
                Optional.empty());

        assertThatThrownBy(() -> box.containers.start("one", Slot.MAIN, volume, Goal.STARTED, box.shell("true")))
                .isInstanceOfSatisfying(
                        ProblemException.class, e -> assertThat(e.code()).isEqualTo("container.volume"));

        assertThat(box.containers.present()).isEmpty();
        assertThat(box.remains()).isEmpty();
    }

    @Test
    void theNetworkIsMadeBeforeAndGoesWithTheContainer() throws IOException {
        var container = Sandbox.container(RestartPolicy.NO);
        assertThat(box.containers.networkPrepared("one", Slot.MAIN)).isFalse();
        box.containers.prepareNetwork("one", Slot.MAIN, container);
        assertThat(box.containers.networkPrepared("one", Slot.MAIN)).isTrue();
        Object namespace = Files.getAttribute(box.networks.configure("one", container), "unix:ino");

        box.start("one", container, box.shell("ls -l /proc/self/ns/net; echo 0 > /dev/null; sleep 1000"));

        assertThat(box.awaitLog("one", l -> l.contains("net:"))).anyMatch(l -> l.contains("net:[" + namespace + "]"));
        box.stop("one");
        assertThat(box.networks.all()).isEmpty();
    }

    @Test
    void aNetworkThatNothingCameToUseIsRemovedByTheNextDaemon() {
        box.containers.prepareNetwork("one", Slot.MAIN, Sandbox.container(RestartPolicy.NO));

        box.restartDaemon();

        assertThat(box.networks.all()).isEmpty();
    }

    @Test
    void backsOffFromWhatKeepsEnding() {
        box.start("one", Sandbox.container(RestartPolicy.ALWAYS), box.shell("exit 3"));

        box.await("one", s -> s.restarts() >= 2);
        ContainerStatus off = box.await("one", s -> s.state() == State.BACKING_OFF);
        assertThat(off.restarts()).isLessThan(5);
        assertThat(off.lastExit().orElseThrow().code()).isEqualTo(3);
        box.stop("one");
        assertThat(box.containers.status()).isEmpty();
    }

    @Test
    void onFailureDoesNotStartAgainWhatSucceeded() {
        box.start(
                "one",
                Sandbox.container(RestartPolicy.ON_FAILURE),
                box.shell("[ -e /srv/again ] && exit 0; touch /srv/again; exit 1"));

        ContainerStatus done = box.await("one", s -> s.state() == State.STOPPED);
        assertThat(done.restarts()).isEqualTo(1);
        assertThat(done.lastExit().orElseThrow().code()).isZero();
    }
}
