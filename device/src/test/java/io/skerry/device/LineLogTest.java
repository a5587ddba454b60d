package io.skerry.device;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.logging.LogManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LineLogTest {
    private static final System.Logger LOG = System.getLogger(LineLogTest.class.getName());

    private final ByteArrayOutputStream written = new ByteArrayOutputStream();

    @AfterEach
    void writeToStandardErrorAgain() {
        LineLog.install(System.err, false);
    }

    @Test
    void writesALineARecord() {
        install(false);

        LOG.log(System.Logger.Level.INFO, "revision {0} isn't committed", 1234);
        LOG.log(System.Logger.Level.INFO, "braces {0} stay without parameters");

        assertThat(text().lines())
                .hasSize(2)
                .first()
                .asString()
                .endsWith(" info LineLogTest: revision 1234 isn't committed");
    }

    @Test
    void jsonLinesHoldWhatTheyAreGiven() {
        install(true);

        LOG.log(System.Logger.Level.WARNING, "a \"quoted\"\tword\u0001");

        assertThat(text())
                .contains("\"level\":\"warning\",\"from\":\"LineLogTest\"")
                .contains("\"message\":\"a \\\"quoted\\\"\\tword\\u0001\"}");
    }

    @Test
    void goesOnWritingWhenTheProcessEndsAndTheLibraryClosesItsLogs() {
        install(false);

        // As its own shutdown hook does, beside ours, when the process is told to end.
        LogManager.getLogManager().reset();
        LOG.log(System.Logger.Level.INFO, "the daemon ends");

        assertThat(text()).endsWith(" info LineLogTest: the daemon ends\n");
    }

    private void install(boolean json) {
        LineLog.install(new PrintStream(written, true, StandardCharsets.UTF_8), json);
    }

    private String text() {
        return written.toString(StandardCharsets.UTF_8);
    }
}
