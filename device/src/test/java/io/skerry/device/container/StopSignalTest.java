package io.skerry.device.container;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class StopSignalTest {
    @Test
    void isWrittenAsRuncTakesIt() {
        assertThat(StopSignal.of("SIGTERM")).isEqualTo("TERM");
        assertThat(StopSignal.of("quit")).isEqualTo("QUIT");
        assertThat(StopSignal.of("3")).isEqualTo("3");
        assertThat(StopSignal.of("SIGRTMIN+3")).isEqualTo("37");
        assertThat(StopSignal.of("RTMAX-1")).isEqualTo("63");
        assertThat(StopSignal.of("")).isEqualTo("TERM");
        assertThat(StopSignal.of("-x; y")).isEqualTo("TERM");
    }
}
