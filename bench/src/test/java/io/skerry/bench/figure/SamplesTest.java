package io.skerry.bench.figure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class SamplesTest {
    @Test
    void theMedianIsTheMiddleOneWhateverTheirOrder() {
        assertThat(new Samples(List.of(9.0, 1.0, 4.0)).median()).isEqualTo(4.0);
        assertThat(new Samples(List.of(9.0, 1.0, 4.0, 5.0)).median()).isEqualTo(4.5);
    }

    @Test
    void leastAndMostAreTheEnds() {
        Samples samples = new Samples(List.of(3.0, 7.0, 1.0));
        assertThat(samples.least()).isEqualTo(1.0);
        assertThat(samples.most()).isEqualTo(7.0);
    }

    @Test
    void noRunsAreNoFigure() {
        assertThatThrownBy(() -> new Samples(List.of())).isInstanceOf(IllegalArgumentException.class);
    }
}
