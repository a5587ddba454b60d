package io.skerry.bench.figure;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ResultTest {
    private static final Samples THREE = new Samples(List.of(70.0, 66.25, 60.0));

    @Test
    void aFigureThatKeepsItsLimitSaysSo() {
        assertThat(Figure.of("at rest", Unit.MEGABYTES, THREE)
                        .within(Limit.atMost(68))
                        .verdict())
                .isEqualTo("at most 68.0: kept");
        assertThat(Figure.of("polls", Unit.PER_CPU_SECOND, THREE)
                        .within(Limit.atLeast(50))
                        .verdict())
                .isEqualTo("at least 50: kept");
    }

    @Test
    void aFigureThatMissesItsLimitSaysSo() {
        assertThat(Figure.of("at rest", Unit.MEGABYTES, THREE)
                        .within(Limit.atMost(66))
                        .verdict())
                .isEqualTo("at most 66.0: MISSED");
        assertThat(Figure.of("polls", Unit.PER_CPU_SECOND, THREE)
                        .within(Limit.atLeast(10_000))
                        .verdict())
                .isEqualTo("at least 10,000: MISSED");
    }

    @Test
    void aSingleRunHasNoRange() {
        assertThat(Figure.of("x", Unit.SECONDS, new Samples(List.of(1.0))).range())
                .isEqualTo("–");
        assertThat(Figure.of("x", Unit.SECONDS, THREE).range()).isEqualTo("60.00 – 70.00");
    }

    @Test
    void theMarkdownHasARowForEachFigure() {
        Figure figure = Figure.of("at rest", Unit.MEGABYTES, THREE)
                .within(Limit.atMost(68))
                .beside("peer: 85 MB");
        String text = new Result("memory", "Memory", "How.\n", "Here, today.", List.of(figure)).markdown();
        assertThat(text)
                .startsWith("## Memory\n\nHow.\n\n")
                .contains("\n| at rest | MB | 66.3 | 60.0 – 70.0 | 3 | at most 68.0: kept | peer: 85 MB |\n")
                .endsWith("\nHere, today.\n");
    }

    @Test
    void thePlainTableIsAlignedInColumns() {
        List<Figure> figures =
                List.of(Figure.of("short", Unit.MEGABYTES, THREE), Figure.of("a longer name", Unit.MEGABYTES, THREE));
        List<String> lines =
                new Result("memory", "Memory", "", "", figures).plain().lines().toList();
        assertThat(lines).hasSize(4);
        assertThat(lines.get(2).indexOf("MB")).isEqualTo(lines.get(3).indexOf("MB"));
    }
}
