package io.skerry.device.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skerry.device.revision.Present;
import io.skerry.device.revision.Slot;
import io.skerry.spec.ProblemException;
import io.skerry.spec.desired.Container;
import io.skerry.spec.desired.HealthCheck;
import io.skerry.spec.desired.Limits;
import io.skerry.spec.desired.RestartPolicy;
import io.skerry.spec.status.ContainerStatus.Health;
import io.skerry.spec.status.ContainerStatus.State;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Two forms of one container at once; needs root, runc, conmon and tini. */
class SlotsIT {
    private final Sandbox box = new Sandbox();

    @AfterEach
    void clean() throws IOException {
        try (box) {
            box.stopAll();
            assertThat(box.remains()).isEmpty();
            assertThat(box.networks.all()).isEmpty();
        }
    }

    private static Container numbered(String number) {
        return Sandbox.container(
                RestartPolicy.ALWAYS, new Limits(32 << 20, 0, 64), Map.of("FORM", number), List.of(), Optional.empty());
    }

    private void start(Slot slot, String number) {
        box.start(
                "one",
                slot,
                numbered(number),
                box.shell(
                        "echo ok > /srv/$FORM; echo form $FORM of $HOSTNAME $(cat /etc/hosts | tail -1); sleep 1000"));
    }

    private void awaitForm(Slot slot, String number) {
        Awaitility.await()
                .until(
                        () -> box.containers.logTail("one", slot, 10),
                        lines -> lines.stream().anyMatch(l -> l.startsWith("form " + number + " ")));
    }

    @Test
    void theOneBesideRunsAsTheOtherOfItsNameAndTakesItsPlace() throws IOException {
        start(Slot.MAIN, "1");
        box.containers.prepareNetwork("one", Slot.BESIDE, numbered("2"));
        assertThat(box.networks.all()).containsExactly("one", "one+");
        start(Slot.BESIDE, "2");
        awaitForm(Slot.MAIN, "1");
        awaitForm(Slot.BESIDE, "2");
        long old = box.init("one");
        long fresh = box.init("one+");

        assertThat(box.containers.logTail("one", Slot.BESIDE, 1)).containsExactly("form 2 of one 127.0.1.1 one");
        assertThat(box.containers.present())
                .containsExactlyEntriesOf(Map.of("one", new Present(numbered("1"), true, Optional.of(numbered("2")))));
        assertThat(box.containers.status()).hasSize(1);
        assertThat(box.containers.besideStatus()).singleElement().satisfies(s -> {
            assertThat(s.name()).isEqualTo("one");
            assertThat(s.state()).isEqualTo(State.RUNNING);
        });

        box.stop("one");

        assertThat(new Processes(Path.of("/proc")).now(old)).isEmpty();
        assertThat(new Processes(Path.of("/proc")).now(fresh)).isPresent();
        assertThat(box.containers.present()).containsExactlyEntriesOf(Map.of("one", Present.kept(numbered("2"))));
        assertThat(box.status("one").state()).isEqualTo(State.RUNNING);
        assertThat(box.containers.besideStatus()).isEmpty();
        assertThat(box.networks.all()).containsExactly("one+");
        assertThat(box.log("one", 1)).containsExactly("form 2 of one 127.0.1.1 one");

        start(Slot.BESIDE, "3");
        awaitForm(Slot.BESIDE, "3");
        assertThat(box.init("one")).isNotEqualTo(fresh);
        box.stop("one");
        assertThat(box.containers.present()).containsExactlyEntriesOf(Map.of("one", Present.kept(numbered("3"))));
    }

    @Test
    void theOneBesideCanBeGivenUp() throws IOException {
        start(Slot.MAIN, "1");
        start(Slot.BESIDE, "2");
        long main = box.init("one");

        box.containers.stop("one", Slot.BESIDE);

        assertThat(box.init("one")).isEqualTo(main);
        assertThat(box.containers.present()).containsExactlyEntriesOf(Map.of("one", Present.kept(numbered("1"))));
        assertThat(box.networks.all()).containsExactly("one");
        box.containers.stop("one", Slot.BESIDE);
        assertThat(box.status("one").state()).isEqualTo(State.RUNNING);
    }

    @Test
    void oneBesideThatCannotBeStartedLeavesTheMainOneAlone() throws IOException {
        start(Slot.MAIN, "1");
        long main = box.init("one");

        assertThatThrownBy(() -> box.start(
                        "one",
                        Slot.BESIDE,
                        numbered("2"),
                        box.image(Map.of(), "nobody-knows", "/", Optional.empty(), "/bin/true")))
                .isInstanceOf(ProblemException.class);

        assertThat(box.init("one")).isEqualTo(main);
        assertThat(box.containers.present()).containsExactlyEntriesOf(Map.of("one", Present.kept(numbered("1"))));
        assertThat(box.networks.all()).containsExactly("one");
        assertThat(box.data.resolve("containers/one+")).doesNotExist();
    }

    @Test
    void eachIsWatchedByItself() {
        var check = new HealthCheck.Tcp(8080, new HealthCheck.Timing(1, 1, 0, 2));
        var checked = Sandbox.container(
                RestartPolicy.ALWAYS, new Limits(32 << 20, 0, 64), Map.of(), List.of(), Optional.of(check));
        box.start("one", checked, box.shell("httpd -f -p 8080"));
        box.start(
                "one",
                Slot.BESIDE,
                checked,
                box.shell("while [ ! -e /host/go ]; do sleep 0.1; done; httpd -f -p 8080"));
        box.await("one", s -> s.health() == Health.HEALTHY);
        assertThat(box.containers.besideStatus().getFirst().health()).isNotEqualTo(Health.HEALTHY);

        try {
            Files.writeString(box.data.resolve("containers/one+/host/go"), "");
        } catch (IOException e) {
            throw new AssertionError(e);
        }

        Awaitility.await().until(() -> box.containers.besideStatus().getFirst().health() == Health.HEALTHY);
    }

    @Test
    void aDaemonKilledBetweenFindsBothOrThePromotedOne() throws IOException {
        start(Slot.MAIN, "1");
        start(Slot.BESIDE, "2");
        box.stop("one");
        start(Slot.BESIDE, "3");
        long main = box.init("one+");
        long beside = box.init("one");

        box.restartDaemon();

        assertThat(box.containers.present())
                .containsExactlyEntriesOf(Map.of("one", new Present(numbered("2"), true, Optional.of(numbered("3")))));
        assertThat(box.init("one+")).isEqualTo(main);
        assertThat(box.containers.besideStatus()).hasSize(1);

        // As a daemon leaves it that is killed right after the main one's end began to be carried out.
        box.containers.close();
        Files.delete(box.data.resolve("containers/one+/container.json"));
        box.containers = box.open(box.settings);

        assertThat(box.containers.present()).containsExactlyEntriesOf(Map.of("one", Present.kept(numbered("3"))));
        assertThat(box.init("one")).isEqualTo(beside);
        assertThat(new Processes(Path.of("/proc")).now(main)).isEmpty();
        assertThat(box.networks.all()).containsExactly("one");
        assertThat(box.data.resolve("containers/one+")).doesNotExist();
    }

    @Test
    void bothAreKnownAfterAReboot() {
        start(Slot.MAIN, "1");
        start(Slot.BESIDE, "2");
        awaitForm(Slot.BESIDE, "2");

        box.reboot();

        assertThat(box.containers.present())
                .containsExactlyEntriesOf(Map.of("one", new Present(numbered("1"), false, Optional.of(numbered("2")))));
        assertThat(box.containers.besideStatus()).isEmpty();
        box.stop("one");
        assertThat(box.containers.present())
                .containsExactlyEntriesOf(Map.of("one", new Present(numbered("2"), false, Optional.empty())));
        start(Slot.MAIN, "2");
        assertThat(box.rootfs("one+").resolve("srv/2")).exists();
        assertThat(box.status("one").state()).isEqualTo(State.RUNNING);
    }

    @Test
    void whoFollowsTheLogFollowsTheMainOne() {
        start(Slot.MAIN, "1");
        awaitForm(Slot.MAIN, "1");
        List<String> got = new CopyOnWriteArrayList<>();
        AtomicBoolean enough = new AtomicBoolean();
        Thread reader = Thread.startVirtualThread(
                () -> new LogReader(box.settings).follow("one", 10, true, got::add, enough::get));
        Awaitility.await().until(() -> !got.isEmpty());
        start(Slot.BESIDE, "2");
        awaitForm(Slot.BESIDE, "2");

        box.stop("one");

        Awaitility.await().until(() -> got.size() == 2);
        assertThat(got).containsExactly("form 1 of one 127.0.1.1 one", "form 2 of one 127.0.1.1 one");
        enough.set(true);
        Awaitility.await().until(() -> !reader.isAlive());
    }
}
