package io.skerry.device.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skerry.spec.ProblemException;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class EnvironmentFileTest {
    @Test
    void quotesWhatAShellWouldRead() {
        assertThat(EnvironmentFile.of(new TreeMap<>(Map.of("A", "it's", "B", "$(id)\n", "c-d", "x"))))
                .isEqualTo("A='it'\\''s'\nB='$(id)\n'\n");
    }

    @Test
    void refusesWhatNoProcessCanHaveWithoutShowingIt() {
        assertThatThrownBy(() -> EnvironmentFile.check(Map.of("A", "secret\0")))
                .isInstanceOf(ProblemException.class)
                .hasMessageNotContaining("secret");
        assertThatThrownBy(() -> EnvironmentFile.check(Map.of("A=secret", "x")))
                .isInstanceOf(ProblemException.class)
                .hasMessageNotContaining("secret");
    }
}
