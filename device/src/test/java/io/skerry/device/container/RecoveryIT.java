package io.skerry.device.container;

import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.device.revision.PreparedImage;
import io.skerry.spec.desired.Container;
import io.skerry.spec.desired.Recovery;
import io.skerry.spec.desired.Recovery.Exhausted;
import io.skerry.spec.desired.RestartPolicy;
import io.skerry.spec.status.ContainerStatus;
import io.skerry.spec.status.ContainerStatus.State;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How containers that end are started again; needs root, runc, conmon and tini. */
class RecoveryIT {
    private final Sandbox box = new Sandbox();

    @AfterEach
    void clean() throws IOException {
        try (box) {
            box.stopAll();
            assertThat(box.remains()).isEmpty();
        }
    }

    private static Container container(RestartPolicy policy, Recovery recovery) {
        return Sandbox.with(Sandbox.container(policy), Optional.empty(), Optional.of(recovery), Optional.empty());
    }

    @Test
    void isGivenUpAfterItsRetriesUntilTheMachineIsBooted() {
        for (Exhausted exhausted : new Exhausted[] {Exhausted.GIVE_UP, Exhausted.REBOOT}) {
            Container container = container(RestartPolicy.ALWAYS, new Recovery(2, 0, 1, 1, 60, exhausted, 0));
            PreparedImage image = box.shell("echo x >> /srv/runs; exit 3");
            box.start("one", container, image);

            ContainerStatus givenUp = box.await("one", s -> s.state() == State.GIVEN_UP);

            assertThat(givenUp.restarts()).isEqualTo(2);
            assertThat(givenUp.lastExit().orElseThrow().code()).isEqualTo(3);
            assertThat(box.rootfs("one").resolve("srv/runs")).hasContent("x\nx\nx\n");
            box.restartDaemon();
            assertThat(box.status("one").state()).isEqualTo(State.GIVEN_UP);
            assertThat(box.status("one").restarts()).isEqualTo(2);

            box.reboot();
            box.start("one", container, image);
            box.await("one", s -> s.state() == State.GIVEN_UP);
            assertThat(box.rootfs("one").resolve("srv/runs")).hasContent("x\n".repeat(6));
            box.stop("one");
        }
    }

    @Test
    void beginsAnewAfterAPause() {
        box.start(
                "one",
                container(RestartPolicy.ALWAYS, new Recovery(1, 0, 1, 1, 60, Exhausted.PAUSE, 1)),
                box.shell("exit 3"));

        box.await("one", s -> s.restarts() >= 4);
    }

    @Test
    void aStableRunGivesTheRetriesBack() throws IOException {
        box.start(
                "one",
                container(RestartPolicy.ALWAYS, new Recovery(1, 0, 1, 1, 1, Exhausted.GIVE_UP, 0)),
                box.shell("while [ ! -e /host/go ]; do sleep 0.1; done; rm /host/go; exit 3"));

        for (int restart = 1; restart <= 3; restart++) {
            int now = restart;
            long since = System.nanoTime();
            org.awaitility.Awaitility.await().until(() -> System.nanoTime() - since > 1_500_000_000L);
            Files.writeString(box.data.resolve("containers/one/host/go"), "");
            box.await("one", s -> s.restarts() == now && s.state() == State.RUNNING);
        }
        Files.writeString(box.data.resolve("containers/one/host/go"), "");
        box.await("one", s -> s.restarts() == 4 || s.state() == State.GIVEN_UP);
    }

    @Test
    void eachPolicyTakesTheSameEndsInItsOwnWay() {
        Recovery atOnce = new Recovery(0, 0, 1, 1, 60, Exhausted.GIVE_UP, 0);
        PreparedImage failsThenSucceeds =
                box.shell("[ -e /srv/third ] && sleep 1000; [ -e /srv/second ] && touch /srv/third && exit 0; "
                        + "touch /srv/second; exit 1");
        for (RestartPolicy policy : RestartPolicy.values()) {
            box.start(policy.word(), container(policy, atOnce), failsThenSucceeds);
        }

        assertThat(box.await("no", s -> s.state() == State.STOPPED).restarts()).isZero();
        ContainerStatus onFailure = box.await("on-failure", s -> s.state() == State.STOPPED);
        assertThat(onFailure.restarts()).isEqualTo(1);
        assertThat(onFailure.lastExit().orElseThrow().code()).isZero();
        box.await("always", s -> s.state() == State.RUNNING && s.restarts() == 2);
        box.await("unless-stopped", s -> s.state() == State.RUNNING && s.restarts() == 2);
    }
}
