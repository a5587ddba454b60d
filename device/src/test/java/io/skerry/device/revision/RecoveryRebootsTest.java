package io.skerry.device.revision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skerry.spec.Problem;
import io.skerry.spec.ProblemException;
import io.skerry.spec.desired.Container;
import io.skerry.spec.desired.Recovery;
import io.skerry.spec.desired.Workload;
import io.skerry.spec.status.ContainerStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecoveryRebootsTest {
    private static final Container CONTAINER = Workloads.recovering(
            Workloads.container("web", 1), new Recovery(2, 1, 2, 60, 60, Recovery.Exhausted.REBOOT, 0));
    private static final Workload WORKLOAD = Workloads.workload("a", CONTAINER);

    @TempDir
    Path data;

    private Duration time = Duration.ZERO;
    private int reboots;
    private boolean broken;

    @BeforeEach
    void makeFolder() throws IOException {
        Files.createDirectories(data.resolve("revisions"));
    }

    @Test
    void rebootThatNeverComesIsAskedForAgainAfterGrowingWaits() {
        RecoveryReboots daemon = daemon();

        long next = look(daemon);

        assertThat(reboots).isEqualTo(1);
        assertThat(Duration.ofNanos(next)).isEqualTo(Duration.ofMinutes(2));
        time = Duration.ofMinutes(1);
        assertThat(look(daemon)).isEqualTo(next);
        assertThat(reboots).isEqualTo(1);

        time = Duration.ofMinutes(2);
        assertThat(Duration.ofNanos(look(daemon))).isEqualTo(Duration.ofMinutes(6));
        assertThat(reboots).isEqualTo(2);
    }

    @Test
    void rebootThatFailsIsToldAndAskedForAgain() {
        RecoveryReboots daemon = daemon();
        broken = true;
        assertThatThrownBy(() -> look(daemon)).isInstanceOf(ProblemException.class);
        assertThat(Duration.ofNanos(look(daemon))).isEqualTo(Duration.ofMinutes(2));

        broken = false;
        time = Duration.ofMinutes(2);
        look(daemon);

        assertThat(reboots).isEqualTo(1);
    }

    @Test
    void rebootThatCannotBeCountedIsNotAskedForUntilItCan() throws IOException {
        Path inTheWay = Files.createDirectories(data.resolve("revisions/recovery-reboots/folder"));
        RecoveryReboots daemon = daemon();
        assertThat(Duration.ofNanos(look(daemon))).isEqualTo(Duration.ofMinutes(2));
        assertThat(reboots).isZero();

        Files.delete(inTheWay);
        Files.delete(inTheWay.resolveSibling(""));
        time = Duration.ofMinutes(2);
        look(daemon);

        assertThat(reboots).isEqualTo(1);
    }

    @Test
    void theNextDaemonWaitsAsLongAsTheReboots() {
        look(daemon());

        assertThat(Duration.ofNanos(look(daemon()))).isEqualTo(Duration.ofMinutes(2));

        assertThat(reboots).isEqualTo(1);
    }

    @Test
    void afterHalfAnHourOfPeaceTheNextRebootComesAtOnce() {
        RecoveryReboots daemon = daemon();
        look(daemon);
        time = Duration.ofMinutes(31);
        assertThat(daemon.look(List.of(), WORKLOAD))
                .isEqualTo(Duration.ofMinutes(30).toNanos());

        look(daemon);

        assertThat(reboots).isEqualTo(2);
    }

    private RecoveryReboots daemon() {
        return new RecoveryReboots(
                data,
                new Machine() {
                    @Override
                    public String bootId() {
                        return "boot";
                    }

                    @Override
                    public void reboot(String why) {
                        if (broken) {
                            throw new Problem("device.reboot-failed", "It can't be rebooted.").asException();
                        }
                        reboots++;
                    }
                },
                () -> time.toNanos());
    }

    private static long look(RecoveryReboots daemon) {
        ContainerStatus exhausted = new ContainerStatus(
                "a",
                CONTAINER.service(),
                CONTAINER.image().manifest(),
                ContainerStatus.State.GIVEN_UP,
                ContainerStatus.Health.UNHEALTHY,
                1,
                2,
                Optional.empty(),
                "");
        return daemon.look(List.of(exhausted), WORKLOAD);
    }
}
