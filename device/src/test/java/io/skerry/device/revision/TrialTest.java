package io.skerry.device.revision;

import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.spec.desired.Container;
import io.skerry.spec.desired.HealthCheck;
import io.skerry.spec.desired.RestartPolicy;
import io.skerry.spec.status.ContainerStatus;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TrialTest {
    private static final int HUGE = Integer.MAX_VALUE;

    @Test
    void timesWithoutBoundsDontMakeItFailAtOnce() {
        Container plain = Workloads.container("web", 1, RestartPolicy.ALWAYS, HUGE);
        Container container = Container.plain(
                plain.service(),
                plain.image(),
                plain.environment(),
                plain.limits(),
                plain.volumes(),
                Optional.of(new HealthCheck.Tcp(80, new HealthCheck.Timing(HUGE, HUGE, HUGE, HUGE))),
                plain.restart(),
                1,
                HUGE);
        Trial trial = Trial.of(List.of("a"), Workloads.workload("a", container), List.of(), 0);
        ContainerStatus starting = new ContainerStatus(
                "a",
                container.service(),
                container.image().manifest(),
                ContainerStatus.State.RUNNING,
                ContainerStatus.Health.STARTING,
                1,
                0,
                Optional.empty(),
                "");

        Verdict verdict = trial.judge(List.of(starting), 1);

        assertThat(verdict)
                .isInstanceOfSatisfying(
                        Verdict.Undecided.class,
                        u -> assertThat(u.lookAgainAt()).isGreaterThan(1));
    }
}
