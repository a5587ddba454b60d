package io.skerry.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NamesTest {
    @ParameterizedTest
    @ValueSource(strings = {"web", "your-service", "a", "a.b_c--d", "0"})
    void acceptsWhatCanStandInARepositoryPath(String name) {
        assertThat(Names.checked("A service", name)).isEqualTo(name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Web", "a b", "-a", "a-", "a..b", "../etc", "a/b", "ä", "a\n"})
    void refusesAllElse(String name) {
        assertThatThrownBy(() -> Names.checked("A service", name)).isInstanceOfSatisfying(ProblemException.class, e -> {
            assertThat(e.code()).isEqualTo("name.malformed");
            assertThat(e.problem().message()).startsWith("A service").doesNotContain("\n");
        });
    }

    @Test
    void refusesMoreThan63Characters() {
        assertThatThrownBy(() -> Names.checked("A node", "a".repeat(64))).isInstanceOf(ProblemException.class);
    }
}
