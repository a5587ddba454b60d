package io.skerry.cloud.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skerry.spec.ProblemException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TimeCursorTest {
    @Test
    void itIsReadAsItWasWritten() {
        var cursor = new TimeCursor(1_767_225_600_000L, "0192f0c4-0000-7000-8000-000000000001");

        assertThat(TimeCursor.parse(cursor.text())).isEqualTo(cursor);
        assertThat(TimeCursor.parse("")).isEqualTo(TimeCursor.BEGINNING);
    }

    @ParameterizedTest
    @ValueSource(strings = {"nothing", "-1-a", "1", "1234567890123456789-a", "1-a\nb"})
    void whatNoPageCanHaveHadIsRefused(String text) {
        assertThatThrownBy(() -> TimeCursor.parse(text))
                .isInstanceOfSatisfying(
                        ProblemException.class, e -> assertThat(e.code()).isEqualTo("input.cursor-unknown"));
    }
}
