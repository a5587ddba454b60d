package io.skerry.device.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skerry.device.host.HostCommand;
import io.skerry.device.revision.Slot;
import io.skerry.spec.Problem;
import io.skerry.spec.ProblemException;
import io.skerry.spec.desired.Container;
import io.skerry.spec.desired.Goal;
import io.skerry.spec.desired.HealthCheck;
import io.skerry.spec.desired.Limits;
import io.skerry.spec.desired.RestartPolicy;
import io.skerry.spec.desired.UpdateRules.Hook;
import io.skerry.spec.status.ContainerStatus.Health;
import io.skerry.spec.status.ContainerStatus.State;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a container and the device tell each other about updates; needs root, runc, conmon and tini. */
class HooksIT {
    private final Sandbox box = new Sandbox();

    @AfterEach
    void clean() throws IOException {
        try (box) {
            box.stopAll();
            assertThat(box.remains()).isEmpty();
        }
    }

    private Optional<Problem> hook(int seconds, String script) {
        return box.containers.runHook("one", Slot.MAIN, new Hook(List.of("/bin/sh", "-c", script), seconds));
    }

    private String processes() {
        return box.commands.run(HostCommand.of("ps", "-eo", "args")).out();
    }

    @Test
    void aHookRunsAsTheProgramDoes() {
        var container = Sandbox.container(
                RestartPolicy.ALWAYS, Limits.DEFAULT, Map.of("TOKEN", "two words"), List.of(), Optional.empty());
        box.start(
                "one",
                container,
                box.image(Map.of("A", "image"), "app", "/srv", Optional.empty(), "/bin/sleep", "1000"));

        assertThat(hook(30, "(id; pwd; echo $A $TOKEN $HOSTNAME) > /host/said")).isEmpty();

        assertThat(box.data.resolve("containers/one/host/said"))
                .hasContent("uid=1000(app) gid=1001(app) groups=1001(app),1002(extra)\n/srv\nimage two words one\n");
    }

    @Test
    void aHookThatFailsTellsWhy() {
        box.start("one", Sandbox.container(RestartPolicy.ALWAYS), box.shell("sleep 1000"));

        Problem failed = hook(30, "yes x | head -c 200000; echo first; echo last >&2; exit 3")
                .orElseThrow();

        assertThat(failed.code()).isEqualTo("hook.failed");
        assertThat(failed.message())
                .contains("'one'", "ended with 3: ", " / x / first / last")
                .hasSizeLessThan(700);
        assertThat(box.containers
                        .runHook("one", Slot.MAIN, new Hook(List.of("/no/such"), 30))
                        .orElseThrow()
                        .message())
                .contains("/no/such");
    }

    @Test
    void aHookThatTakesTooLongIsKilledWithAllThatItStarted() throws IOException {
        box.start("one", Sandbox.container(RestartPolicy.ALWAYS), box.shell("sleep 1000"));
        long init = box.init("one");

        Problem timeout = hook(1, "setsid sleep 7771 > /dev/null 2>&1 & (setsid sleep 7772 &) ; sleep 7773")
                .orElseThrow();

        assertThat(timeout.code()).isEqualTo("hook.timeout");
        assertThat(processes()).doesNotContain("sleep 7771", "sleep 7772", "sleep 7773");
        assertThat(box.init("one")).isEqualTo(init);
        assertThat(box.status("one").state()).isEqualTo(State.RUNNING);
        assertThat(hook(30, "true")).isEmpty();
    }

    @Test
    void aHookThatIsNotWantedAnyMoreIsToldToEndAndIsHeardOutWhileItDoes() throws Exception {
        box.start("one", Sandbox.container(RestartPolicy.ALWAYS), box.shell("sleep 1000"));
        long init = box.init("one");

        FutureTask<Optional<Problem>> running = begun("trap 'echo over; echo over > /host/over; exit 0' TERM; "
                + "setsid sleep 7777 & touch /host/begun; while true; do sleep 0.1; done");

        assertThatThrownBy(running::get)
                .cause()
                .isInstanceOfSatisfying(
                        ProblemException.class, e -> assertThat(e.code()).isEqualTo("host.command-interrupted"));
        assertThat(box.data.resolve("containers/one/host/over")).hasContent("over\n");
        assertThat(processes().lines()).doesNotContain("sleep 7777");
        assertThat(box.init("one")).isEqualTo(init);
        assertThat(box.status("one").state()).isEqualTo(State.RUNNING);
        assertThat(hook(30, "true")).isEmpty();
    }

    @Test
    void aHookThatDoesNotEndWhenItIsToldToIsKilledWithAllThatItStarted() throws Exception {
        box.start("one", Sandbox.container(RestartPolicy.ALWAYS), box.shell("sleep 1000"));

        FutureTask<Optional<Problem>> running =
                begun("trap '' TERM; setsid sleep 7778 & touch /host/begun; while true; do sleep 7779; done");

        assertThatThrownBy(running::get).hasCauseInstanceOf(ProblemException.class);
        assertThat(processes()).doesNotContain("sleep 7778", "sleep 7779", "/host/begun");
        assertThat(box.status("one").state()).isEqualTo(State.RUNNING);
        assertThat(hook(30, "true")).isEmpty();
    }

    /** A hook that has begun, and was told to end then. */
    private FutureTask<Optional<Problem>> begun(String script) {
        var running = new FutureTask<>(() -> hook(600, script));
        Thread thread = Thread.ofVirtual().start(running);
        Awaitility.await().until(() -> Files.exists(box.data.resolve("containers/one/host/begun")));
        thread.interrupt();
        return running;
    }

    @Test
    void checksGoOnWhileAHookRuns() {
        var check = new HealthCheck.Exec(
                List.of("/bin/sh", "-c", "echo x >> /srv/checks"), new HealthCheck.Timing(1, 1, 0, 1));
        box.start(
                "one",
                Sandbox.container(RestartPolicy.ALWAYS, Limits.DEFAULT, Map.of(), List.of(), Optional.of(check)),
                box.shell("sleep 1000"));
        box.await("one", s -> s.health() == Health.HEALTHY);

        assertThat(hook(30, "rm /srv/checks; while [ ! -e /srv/checks ]; do sleep 0.1; done"))
                .isEmpty();
    }

    @Test
    void aHookInWhichTheDaemonWasKilledDoesNotGoOnUnderTheNext() throws Exception {
        box.start("one", Sandbox.container(RestartPolicy.ALWAYS), box.shell("sleep 1000"));
        Path folder = box.data.resolve("run/notes/one");
        Cgroups cgroups = Cgroups.at(Path.of("/sys/fs/cgroup"));
        String group = box.settings.cgroupScope() + "/one";
        String option = cgroups.makeWithin(group, "hook-left").orElseThrow();
        Path pidFile = Files.writeString(folder.resolve("hook-left.pid"), "");
        // What a killed daemon leaves: its runc, which goes on with the hook.
        Process left = new ProcessBuilder(
                        "runc",
                        "--root",
                        box.settings.runcRoot().toString(),
                        "exec",
                        "--pid-file",
                        pidFile.toString(),
                        "--cgroup",
                        option,
                        "one",
                        "/bin/sh",
                        "-c",
                        "setsid sleep 7774 & sleep 7774")
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        Awaitility.await()
                .until(() -> processes().lines().filter("sleep 7774"::equals).count() == 2);

        box.restartDaemon();

        assertThat(left.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(processes().lines()).doesNotContain("sleep 7774");
        assertThat(pidFile).doesNotExist();
        assertThat(box.status("one").state()).isEqualTo(State.RUNNING);
    }

    @Test
    void withoutARunningContainerThereIsNoHook() {
        assertThat(hook(30, "true").orElseThrow().code()).isEqualTo("hook.failed");
        box.output("one", Sandbox.container(RestartPolicy.NO), box.shell("exit 0"));
        assertThat(hook(30, "true").orElseThrow().message()).contains("doesn't run");
    }

    @Test
    void aHookReachesTheOneBeside() {
        var container = Sandbox.container(RestartPolicy.ALWAYS);
        box.start("one", container, box.shell("touch /srv/main; sleep 1000"));
        box.start("one", Slot.BESIDE, container, box.shell("touch /srv/beside; sleep 1000"));

        Awaitility.await()
                .until(() -> box.containers
                        .runHook("one", Slot.BESIDE, new Hook(List.of("/bin/ls", "/srv/beside"), 30))
                        .isEmpty());
        Awaitility.await().until(() -> hook(30, "ls /srv/main").isEmpty());
    }

    @Test
    void theUpdateLockIsHeldWhileTheProgramRuns() {
        box.start(
                "one",
                Sandbox.container(RestartPolicy.NO),
                box.shell(
                        "touch /host/update.lock; while [ ! -e /host/go ]; do sleep 0.1; done; "
                                + "rm /host/update.lock; while [ ! -e /host/end ]; do sleep 0.1; done; touch /host/update.lock"));
        var seenByOthers = new UpdateLocks(box.data);
        Awaitility.await().until(() -> box.containers.holdsUpdateLock("one"));
        assertThat(seenByOthers.held("one")).isTrue();

        touch("go");
        Awaitility.await().until(() -> !box.containers.holdsUpdateLock("one"));
        assertThat(seenByOthers.held("one")).isFalse();

        touch("end");
        box.await("one", s -> s.state() == State.STOPPED);
        assertThat(box.data.resolve("containers/one/host/update.lock")).exists();
        assertThat(box.containers.holdsUpdateLock("one")).isFalse();
        assertThat(box.containers.holdsUpdateLock("none")).isFalse();
        assertThat(seenByOthers.held("one")).isFalse();
        assertThat(seenByOthers.held("none")).isFalse();
    }

    @Test
    void aNewRunHoldsNoLockAndIsNotReadyByWhatTheLastOneSaid() {
        box.start(
                "one",
                ready(),
                box.shell("[ -e /srv/again ] && sleep 1000; touch /srv/again /host/ready; "
                        // Whatever stands in their place is no obstacle.
                        + "mkdir -p /host/update.lock/deep/er; while [ ! -e /host/go ]; do sleep 0.1; done"));
        box.await("one", s -> s.health() == Health.HEALTHY);
        assertThat(box.containers.holdsUpdateLock("one")).isTrue();

        touch("go");
        box.await("one", s -> s.restarts() == 1 && s.state() == State.RUNNING);

        assertThat(box.status("one").health()).isEqualTo(Health.STARTING);
        assertThat(box.containers.holdsUpdateLock("one")).isFalse();
    }

    private static Container ready() {
        return Sandbox.with(
                Sandbox.container(RestartPolicy.ALWAYS), Optional.of(Goal.READY), Optional.empty(), Optional.empty());
    }

    @Test
    void isReadyByItsOwnWord() {
        box.start(
                "one",
                ready(),
                box.shell("while [ ! -e /host/go ]; do sleep 0.1; done; touch /host/ready; sleep 1000"));
        assertThat(box.status("one").health()).isEqualTo(Health.STARTING);

        touch("go");
        box.await("one", s -> s.health() == Health.HEALTHY);

        box.restartDaemon();
        assertThat(box.status("one").health()).isEqualTo(Health.HEALTHY);
        box.start("two", Sandbox.container(RestartPolicy.ALWAYS), box.shell("sleep 1000"));
        assertThat(box.status("two").health())
                .as("of one that needn't be ready")
                .isEqualTo(Health.HEALTHY);
    }

    private void touch(String file) {
        try {
            Files.writeString(box.data.resolve("containers/one/host").resolve(file), "");
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
