package io.skerry.cli.output;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class TableTest {
    private final Table table = new Table(
                    Column.flexible("NAME"), Column.fixed("STATE"), Column.flexible("WHY"), Column.droppable("ID"))
            .row(Cell.of("quay"), Cell.state("healthy"), Cell.of(""), Cell.of("0190-1"))
            .row(Cell.of("a-rather-long-name"), Cell.state("failed"), Cell.of("it ended at once"), Cell.of("0190-2"));

    private static View view(int width) {
        return new View(false, width, Instant.EPOCH);
    }

    @Test
    void columnsAreAligned() {
        assertThat(table.lines(view(View.UNLIMITED)))
                .containsExactly(
                        "NAME                STATE    WHY               ID",
                        "quay                healthy                    0190-1",
                        "a-rather-long-name  failed   it ended at once  0190-2");
    }

    @Test
    void droppableColumnsGoFirst() {
        assertThat(table.lines(view(45)))
                .containsExactly(
                        "NAME                STATE    WHY",
                        "quay                healthy",
                        "a-rather-long-name  failed   it ended at once");
    }

    @Test
    void thenTheWidestFlexibleColumnsAreCut() {
        assertThat(table.lines(view(36)))
                .containsExactly(
                        "NAME          STATE    WHY", "quay          healthy", "a-rather-lo…  failed   it ended at …");
    }

    @Test
    void noLineIsEverWiderThanTheTerminal() {
        for (int width = 1; width < 60; width++) {
            int most = width;
            assertThat(table.lines(view(width)))
                    .allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(most));
        }
    }

    @Test
    void coloursDoNotCountAsWidth() {
        assertThat(table.lines(new View(true, 45, Instant.EPOCH)).getLast())
                .isEqualTo("a-rather-long-name  \u001b[31mfailed\u001b[0m   it ended at once");
    }

    @Test
    void controlCharactersFromOutsideDoNotReachTheTerminal() {
        assertThat(new Table(Column.flexible("NAME"))
                        .row(Cell.of("a\u001b[2Jb\nc"))
                        .lines(view(80)))
                .containsExactly("NAME", "a?[2Jb?c");
    }
}
