package io.skerry.device.container;

import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.spec.desired.HealthCheck.Timing;
import io.skerry.spec.status.ContainerStatus.Health;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class HealthStateTest {
    private static final Timing TIMING = new Timing(10, 5, 30, 3);

    private static HealthState failed(HealthState state, int atSecond) {
        return state.failed("no", TIMING, Duration.ofSeconds(atSecond));
    }

    @Test
    void failuresInTheStartPeriodDoNotCount() {
        HealthState state = HealthState.starting("");
        for (int second = 0; second < 30; second++) {
            state = failed(state, second);
        }

        assertThat(state).isEqualTo(new HealthState(Health.STARTING, 0, "no"));
    }

    @Test
    void theLastOfSeveralInARowMakesItUnhealthy() {
        HealthState two = failed(failed(HealthState.starting(""), 30), 40);
        HealthState three = failed(two, 50);

        assertThat(two.health()).isEqualTo(Health.STARTING);
        assertThat(three.health()).isEqualTo(Health.UNHEALTHY);
        assertThat(three.restartDue(TIMING)).isFalse();
        assertThat(failed(three, 60).restartDue(TIMING)).isTrue();
        assertThat(three.passed()).isEqualTo(new HealthState(Health.HEALTHY, 0, "no"));
    }

    @Test
    void onceHealthyFailuresCountAtOnce() {
        HealthState healthy = HealthState.starting("").passed();

        assertThat(failed(failed(failed(healthy, 1), 2), 3).health()).isEqualTo(Health.UNHEALTHY);
        assertThat(failed(failed(healthy, 1), 2).health()).isEqualTo(Health.HEALTHY);
    }

    @Test
    void looksEachSecondAndEarlyMoreOftenUntilTheFirstInterval() {
        HealthState starting = HealthState.starting("");

        assertThat(starting.pause(TIMING, Duration.ZERO)).isEqualTo(Duration.ofMillis(250));
        assertThat(starting.pause(TIMING, Duration.ofSeconds(1))).isEqualTo(Duration.ofMillis(500));
        assertThat(starting.pause(TIMING, Duration.ofSeconds(2))).isEqualTo(Duration.ofSeconds(1));
        assertThat(starting.pause(TIMING, Duration.ofSeconds(10))).isEqualTo(Duration.ofSeconds(10));
        assertThat(starting.passed().pause(TIMING, Duration.ofSeconds(2))).isEqualTo(Duration.ofSeconds(10));
    }

    @Test
    void keepsAShortMessage() {
        assertThat(HealthState.starting("")
                        .failed("x".repeat(5000), TIMING, Duration.ZERO)
                        .message())
                .hasSize(400);
    }
}
