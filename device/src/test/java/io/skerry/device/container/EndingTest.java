package io.skerry.device.container;

import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.spec.desired.RestartPolicy;
import io.skerry.spec.status.ContainerStatus.Cause;
import org.junit.jupiter.api.Test;

class EndingTest {
    @Test
    void tellsWhy() {
        assertThat(Ending.cause(0, 0)).isEqualTo(Cause.EXITED);
        assertThat(Ending.cause(137, 0)).isEqualTo(Cause.EXITED);
        assertThat(Ending.cause(137, 1)).isEqualTo(Cause.OUT_OF_MEMORY);
        assertThat(Ending.cause(0, 1)).isEqualTo(Cause.EXITED);
        assertThat(Ending.cause(129, 0)).isEqualTo(Cause.REBOOTED);
        assertThat(Ending.cause(130, 0)).isEqualTo(Cause.HALTED);
    }

    @Test
    void followsThePolicy() {
        assertThat(Ending.restarts(RestartPolicy.ALWAYS, Cause.EXITED, 0)).isTrue();
        assertThat(Ending.restarts(RestartPolicy.ON_FAILURE, Cause.EXITED, 0)).isFalse();
        assertThat(Ending.restarts(RestartPolicy.ON_FAILURE, Cause.OUT_OF_MEMORY, 137))
                .isTrue();
        assertThat(Ending.restarts(RestartPolicy.NO, Cause.EXITED, 1)).isFalse();
        assertThat(Ending.restarts(RestartPolicy.NO, Cause.REBOOTED, 129)).isTrue();
        assertThat(Ending.restarts(RestartPolicy.ALWAYS, Cause.HALTED, 130)).isFalse();
    }
}
