package io.skerry.bench.figure;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class DocumentTest {
    private static final List<String> ORDER = List.of("first", "second");

    @Test
    void sectionsStandInTheirOrderWhateverWasMeasuredFirst() {
        Document document = new Document("");
        document.put(result("second", "b"));
        document.put(result("first", "a"));
        String text = document.text(ORDER);
        assertThat(text).startsWith("# Benchmarks\n");
        assertThat(text.indexOf("## a")).isPositive().isLessThan(text.indexOf("## b"));
    }

    @Test
    void whatIsNotMeasuredAnewStaysAsItStands() {
        Document old = new Document("");
        old.put(result("first", "old first"));
        old.put(result("second", "old second"));

        Document anew = new Document(old.text(ORDER));
        anew.put(result("second", "new second"));
        assertThat(anew.text(ORDER))
                .contains("## old first\n", "## new second\n")
                .doesNotContain("old second");
    }

    @Test
    void readingAndWritingChangesNothing() {
        Document document = new Document("");
        document.put(result("first", "a"));
        String text = document.text(ORDER);
        assertThat(new Document(text).text(ORDER)).isEqualTo(text);
    }

    private static Result result(String name, String title) {
        Figure figure = Figure.of("x", Unit.SECONDS, new Samples(List.of(1.0)));
        return new Result(name, title, "about", "here", List.of(figure));
    }
}
