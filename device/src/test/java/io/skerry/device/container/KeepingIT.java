package io.skerry.device.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skerry.device.host.HostCommand;
import io.skerry.device.revision.Present;
import io.skerry.spec.Architecture;
import io.skerry.spec.ProblemException;
import io.skerry.spec.desired.HealthCheck;
import io.skerry.spec.desired.Limits;
import io.skerry.spec.desired.RestartPolicy;
import io.skerry.spec.status.ContainerStatus;
import io.skerry.spec.status.ContainerStatus.Cause;
import io.skerry.spec.status.ContainerStatus.Health;
import io.skerry.spec.status.ContainerStatus.State;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How containers are kept: health, logs, daemons that come and go; needs root, runc, conmon and tini. */
class KeepingIT {
    private static final HealthCheck.Timing EACH_SECOND = new HealthCheck.Timing(1, 1, 0, 2);

    private final Sandbox box = new Sandbox();

    @AfterEach
    void clean() throws IOException {
        try (box) {
            box.stopAll();
            assertThat(box.remains()).isEmpty();
        }
    }

    private void start(HealthCheck check, String script) {
        box.start(
                "one",
                Sandbox.container(
                        RestartPolicy.ALWAYS, Limits.DEFAULT, Map.of("TOKEN", "t"), List.of(), Optional.of(check)),
                box.shell(script));
    }

    @Test
    void anExecCheckTellsHealth() {
        start(
                new HealthCheck.Exec(List.of("/bin/sh", "-c", "[ $TOKEN = t ] && cat /srv/ok"), EACH_SECOND),
                "sleep 1; touch /srv/ok; sleep 1000");

        assertThat(box.status("one").health()).isEqualTo(Health.STARTING);
        ContainerStatus healthy = box.await("one", s -> s.health() == Health.HEALTHY);
        assertThat(healthy.restarts()).isZero();
    }

    @Test
    void aContainerThatStaysUnhealthyIsStartedAgain() {
        start(new HealthCheck.Exec(List.of("/bin/sh", "-c", "echo no good; exit 4"), EACH_SECOND), "sleep 1000");

        ContainerStatus unhealthy = box.await("one", s -> s.health() == Health.UNHEALTHY);
        assertThat(unhealthy.healthMessage()).isEqualTo("ended with 4: no good");
        assertThat(unhealthy.restarts()).isZero();
        ContainerStatus again = box.await("one", s -> s.restarts() == 1);
        assertThat(again.lastExit().orElseThrow().cause()).isEqualTo(Cause.STOPPED);
    }

    @Test
    void aCheckThatHangsFailsAndLeavesNoProcess() {
        start(new HealthCheck.Exec(List.of("/bin/sh", "-c", "sleep 777; true"), EACH_SECOND), "sleep 1000");

        ContainerStatus unhealthy = box.await("one", s -> s.health() == Health.UNHEALTHY);
        assertThat(unhealthy.healthMessage()).isEqualTo("no answer within 1 s");
        box.stop("one");
        assertThat(box.commands.run(HostCommand.of("ps", "-eo", "args")).out()).doesNotContain("sleep 777");
    }

    @Test
    void theImagesOwnCheckCountsWhenNoneIsAskedFor() {
        var check = new HealthCheck.Exec(List.of("/bin/false"), EACH_SECOND);
        box.start(
                "one",
                Sandbox.container(RestartPolicy.ALWAYS),
                box.image(Map.of(), "", "/", Optional.of(check), "/bin/sleep", "1000"));

        box.await("one", s -> s.health() == Health.UNHEALTHY);
    }

    @Test
    void httpChecksAskFromInside() {
        String server = "mkdir -p /srv/www; echo hi > /srv/www/index.html; httpd -f -p 127.0.0.1:8080 -h /srv/www";
        start(new HealthCheck.Http(8080, "/index.html", EACH_SECOND), server);
        box.await("one", s -> s.health() == Health.HEALTHY);

        start(new HealthCheck.Http(8080, "/absent", EACH_SECOND), server);
        assertThat(box.await("one", s -> s.health() == Health.UNHEALTHY).healthMessage())
                .isEqualTo("/absent answered 404");

        start(new HealthCheck.Http(8081, "/", EACH_SECOND), server);
        assertThat(box.await("one", s -> s.health() == Health.UNHEALTHY).healthMessage())
                .isEqualTo("port 8081 gave no HTTP answer");
    }

    @Test
    void tcpChecksConnectFromInside() {
        start(new HealthCheck.Tcp(8080, EACH_SECOND), "httpd -f -p 8080");
        box.await("one", s -> s.health() == Health.HEALTHY);

        start(new HealthCheck.Tcp(8081, EACH_SECOND), "httpd -f -p 8080");
        assertThat(box.await("one", s -> s.health() == Health.UNHEALTHY).healthMessage())
                .contains("8081")
                .contains("refused");
    }

    @Test
    void containersOutliveTheDaemonAndAreTakenUp() throws IOException {
        box.start("one", Sandbox.container(RestartPolicy.ALWAYS), box.shell("echo up; sleep 1000"));
        box.awaitLog("one", "up"::equals);
        long init = box.init("one");
        long startedAt = box.status("one").startedAt();

        box.restartDaemon();

        assertThat(box.containers.present()).containsOnlyKeys("one");
        assertThat(box.status("one").state()).isEqualTo(State.RUNNING);
        assertThat(box.status("one").startedAt()).isEqualTo(startedAt);
        assertThat(box.init("one")).isEqualTo(init);
        box.commands.run(HostCommand.of("kill", "-9", "" + init)).orFail();
        ContainerStatus again = box.await("one", s -> s.restarts() == 1 && s.state() == State.RUNNING);
        assertThat(again.lastExit().orElseThrow().code()).isEqualTo(137);
    }

    @Test
    void anEndWhileNoDaemonRanIsNoticed() throws IOException {
        box.start(
                "one",
                Sandbox.container(RestartPolicy.NO),
                box.shell("while [ ! -e /host/go ]; do sleep 0.1; done; exit 5"));
        box.containers.close();
        Files.writeString(box.data.resolve("containers/one/host/go"), "");
        Awaitility.await().until(() -> Files.exists(box.settings.exits().resolve("one")));

        box.restartDaemon();

        ContainerStatus ended = box.await("one", s -> s.state() == State.STOPPED);
        assertThat(ended.lastExit().orElseThrow().code()).isEqualTo(5);
        box.restartDaemon();
        assertThat(box.status("one").state()).isEqualTo(State.STOPPED);
        assertThat(box.status("one").lastExit().orElseThrow().code()).isEqualTo(5);
    }

    @Test
    void aConmonThatIsKilledIsMissedAndItsContainerStartedAgain() throws IOException {
        box.start("one", Sandbox.container(RestartPolicy.ALWAYS), box.shell("sleep 1000"));
        long init = box.init("one");
        box.commands.run(HostCommand.of("kill", "-9", "" + box.conmon("one"))).orFail();

        ContainerStatus again = box.await("one", s -> s.restarts() == 1 && s.state() == State.RUNNING);

        assertThat(again.lastExit().orElseThrow().code()).isEqualTo(137);
        assertThat(new Processes(Path.of("/proc")).now(init)).isEmpty();
        assertThat(box.init("one")).isNotEqualTo(init);
    }

    @Test
    void whatCannotBeNotedIsKeptAllTheSame() throws IOException {
        box.start("one", Sandbox.container(RestartPolicy.ALWAYS), box.shell("sleep 1000"));
        // Stands for a full disk: nothing can be written under these names.
        Files.createDirectory(box.data.resolve("containers/one/run.json.new"));
        box.commands.run(HostCommand.of("kill", "-9", "" + box.init("one"))).orFail();

        box.await("one", s -> s.restarts() == 1 && s.state() == State.RUNNING);
        box.restartDaemon();

        box.await("one", s -> s.state() == State.RUNNING);
        assertThat(box.remains().stream().filter(r -> r.contains("conmon")).toList())
                .hasSize(1);
    }

    @Test
    void aDaemonThatDiedWhileStartingLeavesNothingThatRunsTwice() throws IOException {
        var container = Sandbox.container(RestartPolicy.ALWAYS);
        var image = box.shell("sleep 1000");
        box.start("one", container, image);
        long init = box.init("one");
        box.containers.close();
        Files.delete(box.data.resolve("containers/one/run.json"));

        box.restartDaemon();

        assertThat(new Processes(Path.of("/proc")).now(init)).isEmpty();
        assertThat(box.containers.present().values()).noneMatch(Present::kept);
        box.start("one", container, image);
        assertThat(box.status("one").state()).isEqualTo(State.RUNNING);
    }

    @Test
    void aRecordThatALossOfPowerLeftHalfWrittenCountsAsNone() throws IOException {
        box.start("one", Sandbox.container(RestartPolicy.ALWAYS), box.shell("sleep 1000"));
        Path record = box.data.resolve("containers/one/container.json");
        String whole = Files.readString(record);

        for (String half : List.of("", whole.substring(0, whole.length() / 2), "\0".repeat(whole.length()))) {
            Files.createDirectories(record.getParent());
            Files.writeString(record, half);
            box.restartDaemon();

            assertThat(box.containers.present()).isEmpty();
            assertThat(record.getParent()).doesNotExist();
        }
        assertThat(box.networks.all()).isEmpty();
        box.stop("one");
        assertThat(box.remains().stream().filter(r -> !r.startsWith("group: "))).isEmpty();
    }

    private static String numbered(int number) {
        return "line " + number + " 0123456789012345678901234567890123456789";
    }

    @Test
    void aStartThatAKilledDaemonLeftHalfDoneIsNoObstacle() throws IOException {
        Processes processes = new Processes(Path.of("/proc"));
        try (Exits exits = new Exits(box.settings.exits(), _ -> {})) {
            Launcher launcher = new Launcher(
                    box.settings,
                    box.commands,
                    new Runc(box.commands, box.settings),
                    box.networks,
                    exits,
                    processes,
                    new RuntimeSpec.Machine(Architecture.AMD64, true, false));
            ContainerFolder folder = box.settings.folder("half");
            ContainerRecord record = ContainerRecord.of(
                    Sandbox.container(RestartPolicy.ALWAYS),
                    box.shell("sleep 1000"),
                    1,
                    io.skerry.spec.desired.Goal.STARTED);
            launcher.create(folder, record);
            Launcher.Running left = launcher.launch(folder, record);

            Launcher.Running now = launcher.launch(folder, record);

            assertThat(processes.run(left.conmon())).isFalse();
            assertThat(processes.run(now.init())).isTrue();
            assertThat(exits.code("half"))
                    .as("the old one's end isn't the new one's")
                    .isEmpty();
            box.stop("half");
        }
    }

    @Test
    void aContainerThatCannotBeTakenUpAtOnceIsTakenUpLater() throws IOException {
        box.start("one", Sandbox.container(RestartPolicy.ALWAYS), box.shell("sleep 1000"));
        box.containers.close();
        Path run = box.data.resolve("containers/one/run.json");
        // As if it had been noted while it wasn't running yet.
        Files.writeString(run, Files.readString(run).replaceFirst("\"pid\":\\d+", "\"pid\":0"));
        Path broken = Files.createFile(box.data.resolve("broken"));

        openWithRuncThatFailsWhile(broken);

        assertThat(box.status("one").state()).isEqualTo(State.BACKING_OFF);
        Files.delete(broken);
        box.await("one", s -> s.state() == State.RUNNING);
    }

    @Test
    void aContainerThatCannotBeStoppedIsStillKept() throws IOException {
        box.start("one", Sandbox.container(RestartPolicy.ALWAYS), box.shell("sleep 1000"));
        box.containers.close();
        Path broken = box.data.resolve("broken");
        openWithRuncThatFailsWhile(broken);
        Files.createFile(broken);

        assertThatThrownBy(() -> box.stop("one")).isInstanceOf(ProblemException.class);

        assertThat(box.containers.present()).containsOnlyKeys("one");
        Files.delete(broken);
        box.commands.run(HostCommand.of("kill", "-KILL", "" + box.init("one")));
        box.await("one", s -> s.restarts() == 1 && s.state() == State.RUNNING);
    }

    @Test
    void aContainerThatADaemonDiedAmidStoppingIsStoppedByTheNextOne() throws IOException {
        box.start(
                "one",
                Sandbox.container(RestartPolicy.NO),
                box.shell("trap 'echo bye > /host/bye; exit 0' TERM; echo up; while :; do sleep 0.1; done"));
        box.awaitLog("one", "up"::equals);
        long init = box.init("one");
        box.containers.close();
        ContainerFolder folder = box.settings.folder("one");
        Path said = Files.createLink(
                box.data.resolve("said"), Files.createFile(folder.host().resolve("bye")));
        Records.leave(folder);

        box.restartDaemon();

        assertThat(box.containers.present()).isEmpty();
        assertThat(ProcessHandle.of(init).filter(ProcessHandle::isAlive)).isEmpty();
        assertThat(said).as("its program had the time to end").hasContent("bye");
    }

    @Test
    void aProgramThatWontEndDoesntKeepTheNextDaemonFromBeginning() throws IOException {
        box.start(
                "one",
                Sandbox.stoppedWithin(3600, Sandbox.container(RestartPolicy.NO)),
                box.shell("trap '' TERM; echo up; while :; do sleep 0.1; done"));
        box.awaitLog("one", "up"::equals);
        long init = box.init("one");
        box.containers.close();
        Records.leave(box.settings.folder("one"));

        box.restartDaemon();

        assertThat(box.containers.present()).isEmpty();
        assertThat(ProcessHandle.of(init).filter(ProcessHandle::isAlive)).isEmpty();
    }

    private void openWithRuncThatFailsWhile(Path exists) throws IOException {
        Path runc = Files.writeString(
                box.data.resolve("runc"), "#!/bin/sh\n[ -e " + exists + " ] && exit 1\nexec runc \"$@\"\n");
        Files.setPosixFilePermissions(runc, PosixFilePermissions.fromString("rwxr-xr-x"));
        String scope = box.settings.cgroupScope().substring("/skerry/".length());
        box.containers = box.open(new ContainerSettings(
                box.data, scope, runc.toString(), "conmon", box.settings.tini(), box.settings.logBytes()));
    }

    @Test
    void logsAreRotatedAndBounded() throws IOException {
        box.start(
                "one",
                Sandbox.container(RestartPolicy.ALWAYS),
                box.shell(
                        "i=0; while [ $i -lt 2400 ]; do echo line $i 0123456789012345678901234567890123456789; i=$((i+1)); "
                                + "[ $((i%150)) = 0 ] && sleep 0.8; done; echo done; sleep 1000"));
        AtomicBoolean enough = new AtomicBoolean();
        AtomicInteger next = new AtomicInteger();
        List<String> gaps = new CopyOnWriteArrayList<>();
        Thread reader = Thread.startVirtualThread(() -> new LogReader(box.settings)
                .follow(
                        "one",
                        10_000,
                        true,
                        line -> {
                            if (line.equals("done")) {
                                enough.set(true);
                            } else if (!line.startsWith("line " + next.getAndIncrement() + " ")) {
                                gaps.add(line);
                                next.set(Integer.parseInt(line.split(" ", 3)[1]) + 1);
                            }
                        },
                        enough::get));

        Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> !reader.isAlive());

        Path folder = box.data.resolve("containers/one");
        assertThat(folder.resolve("log.1")).exists();
        assertThat(Files.size(folder.resolve("log")) + Files.size(folder.resolve("log.1")))
                .isLessThan(2 * box.settings.logBytes());
        List<String> kept = box.log("one", 10_000);
        assertThat(kept).hasSizeGreaterThan(600).startsWith(numbered(2401 - kept.size()));
        for (int i = 0; i < kept.size() - 1; i++) {
            assertThat(kept.get(i)).isEqualTo(numbered(2401 - kept.size() + i));
        }
        assertThat(gaps).as("lines that were followed by others than the next").isEmpty();
        assertThat(next).hasValue(2400);
        assertThat(box.log("one", 2)).satisfies(l -> {
            assertThat(l).hasSize(2).last().isEqualTo("done");
            assertThat(l.getFirst()).startsWith("line 2399 ");
        });
    }

    @Test
    void whoListensHearsOfChanges() {
        AtomicInteger heard = new AtomicInteger();
        box.containers.onChange(heard::incrementAndGet);
        box.start("one", Sandbox.container(RestartPolicy.NO), box.shell("sleep 0.3"));
        int afterStart = heard.get();

        box.await("one", s -> s.state() == State.STOPPED);

        assertThat(afterStart).isPositive();
        Awaitility.await().until(() -> heard.get() > afterStart);
    }
}
