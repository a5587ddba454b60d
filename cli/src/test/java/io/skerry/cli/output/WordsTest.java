package io.skerry.cli.output;

import static org.assertj.core.api.Assertions.assertThat;

import io.skerry.spec.Problem;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WordsTest {
    @ParameterizedTest
    @CsvSource({
        "500, now",
        "4000, 4 s",
        "119000, 119 s",
        "120000, 2 min",
        "7199000, 119 min",
        "7200000, 2 h",
        "172800000, 2 days",
        "63072000000, 2 years",
        "-5000, now"
    })
    void agesAreSaidInOneUnit(long age, String said) {
        assertThat(Ages.between(1_000_000_000_000L - age, 1_000_000_000_000L)).isEqualTo(said);
    }

    @ParameterizedTest
    @CsvSource({
        "4900, 4 s",
        "119999, 119 s",
        "209999, 3 min",
        "210000, 4 min",
        "43199000, 12 h",
        "216000000, 3 days",
        "-5000, now"
    })
    void whatIsLeftIsSaidToTheNearestOfItsUnit(long left, String said) {
        assertThat(Ages.left(1_000_000_000_000L, 1_000_000_000_000L + left)).isEqualTo(said);
    }

    @ParameterizedTest
    @CsvSource({"0, 0 B", "999, 999 B", "1000, 1.0 kB", "999949, 1.0 MB", "12345678, 12.3 MB", "250000000, 250 MB"})
    void sizesAreSaidInDecimalUnits(long bytes, String said) {
        assertThat(Sizes.of(bytes)).isEqualTo(said);
    }

    @Test
    void aProgressBarNeverPassesItsEnd() {
        View view = new View(false, 60, Instant.EPOCH);
        assertThat(ProgressBar.line("pulling", 200, 100, view))
                .isEqualTo("━━━━━━━━━━━━━━━━━━━━━━━━  100%  100 B of 100 B  pulling");
        assertThat(ProgressBar.line("resolving", 0, 0, view)).isEqualTo("resolving");
        assertThat(ProgressBar.line("pulling a very long name indeed", 1, 100, view)
                        .length())
                .isLessThanOrEqualTo(60);
    }

    @ParameterizedTest
    @CsvSource({
        "usage.url, 2", "session.none, 3", "session.key-refused, 3", "cloud.unreachable, 3", "cloud.untrusted, 3",
        "cloud.not-skerry, 3", "access.denied, 4", "api-key.not-enough, 4", "rollout.timed-out, 124",
                "image.not-found, 1",
        "nodots, 1"
    })
    void aProblemsCodeTellsTheExitCode(String code, int exit) {
        assertThat(ExitCode.of(new Problem(code, "It went wrong.")).number()).isEqualTo(exit);
    }

    @Test
    void aScreenDrawsOverWhatItDrewAndFitsTheTerminal() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PrintStream stream = new PrintStream(out, true, StandardCharsets.UTF_8);
        Screen screen = new Screen(new Terminal(stream, stream, true, true, 80, 5));
        screen.draw(List.of("one", "two"));
        screen.draw(Collections.nCopies(9, "line"));
        screen.clear();
        assertThat(out.toString(StandardCharsets.UTF_8))
                .isEqualTo("one\u001b[K\ntwo\u001b[K\n\u001b[J" + "\r\u001b[2A" + "line\u001b[K\n".repeat(3)
                        + "… and 6 more\u001b[K\n\u001b[J" + "\r\u001b[4A\u001b[J");
    }

    @Test
    void jsonIsLaidOutWithoutTouchingItsTexts() {
        assertThat(JsonLayout.of("{\"a\":[],\"b\":{\"c\":[1,\"x,{\\\"}: \"]},\"d\":null}"))
                .isEqualTo("""
                        {
                          "a": [],
                          "b": {
                            "c": [
                              1,
                              "x,{\\"}: "
                            ]
                          },
                          "d": null
                        }""");
        assertThat(JsonLayout.of("[]")).isEqualTo("[]");
    }
}
